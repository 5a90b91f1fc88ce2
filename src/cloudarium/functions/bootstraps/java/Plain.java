package cloudarium;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Makes what `Json.write` writes of objects, as AWS's runtime does: by getters and public fields. */
final class Plain {
    private Plain() {}

    /** Members that are null are left out. Throws IllegalArgumentException for what has no JSON. */
    static Object of(Object value) throws ReflectiveOperationException {
        if (value == null || value instanceof String || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        if (value instanceof CharSequence || value instanceof Character || value instanceof UUID) {
            return value.toString();
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof Optional<?> optional) {
            return of(optional.orElse(null));
        }
        if (value instanceof Date date) {
            return date.getTime();
        }
        if (value instanceof Instant instant) {
            return BigDecimal.valueOf(instant.getEpochSecond()).add(BigDecimal.valueOf(instant.getNano(), 9));
        }
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        if (value instanceof ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            return of(copy);
        }
        return ofMany(value);
    }

    private static Object ofMany(Object value) throws ReflectiveOperationException {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> plain = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                plain.put(String.valueOf(entry.getKey()), of(entry.getValue()));
            }
            return plain;
        }
        List<Object> plain = new ArrayList<>();
        if (value instanceof Iterable<?> items) {
            for (Object item : items) {
                plain.add(of(item));
            }
            return plain;
        }
        if (value.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                plain.add(of(Array.get(value, i)));
            }
            return plain;
        }
        if (value.getClass().getName().startsWith("java.")) {
            throw new IllegalArgumentException("No JSON for " + value.getClass().getName());
        }
        return value.getClass().isRecord() ? ofRecord(value) : ofBean(value);
    }

    private static Object ofRecord(Object value) throws ReflectiveOperationException {
        Map<String, Object> plain = new LinkedHashMap<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            component.getAccessor().setAccessible(true);
            put(plain, component.getName(), component.getAccessor().invoke(value));
        }
        return plain;
    }

    private static Object ofBean(Object value) throws ReflectiveOperationException {
        Map<String, Method> getters = new TreeMap<>();
        for (Method method : value.getClass().getMethods()) {
            String name = getter(method);
            if (name != null) {
                getters.putIfAbsent(name, method);
            }
        }
        Map<String, Object> plain = new LinkedHashMap<>();
        for (Field field : fields(value.getClass())) {
            Method getter = getters.remove(field.getName());
            if (getter != null) {
                getter.setAccessible(true);
                put(plain, field.getName(), getter.invoke(value));
            } else if (Modifier.isPublic(field.getModifiers())) {
                field.setAccessible(true);
                put(plain, field.getName(), field.get(value));
            }
        }
        for (Map.Entry<String, Method> getter : getters.entrySet()) {
            getter.getValue().setAccessible(true);
            put(plain, getter.getKey(), getter.getValue().invoke(value));
        }
        return plain;
    }

    private static void put(Map<String, Object> plain, String name, Object value) throws ReflectiveOperationException {
        if (value != null) {
            plain.put(name, of(value));
        }
    }

    /** All fields that an object has, those of superclasses first. */
    private static List<Field> fields(Class<?> type) {
        List<Field> fields = type == Object.class ? new ArrayList<>() : fields(type.getSuperclass());
        for (Field field : type.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers())) {
                fields.add(field);
            }
        }
        return fields;
    }

    private static String getter(Method method) {
        boolean isOther = method.getParameterCount() > 0 || method.getDeclaringClass() == Object.class
                || method.isBridge() || method.getReturnType() == void.class;
        if (isOther) {
            return null;
        }
        boolean isFlag = method.getReturnType() == boolean.class && method.getName().startsWith("is");
        return property(method, isFlag ? "is" : "get");
    }

    /** The property that a method named `prefix` and more is of, by the rules of JavaBeans, or null. */
    static String property(Method method, String prefix) {
        String name = method.getName();
        if (Modifier.isStatic(method.getModifiers()) || !name.startsWith(prefix) || name.length() == prefix.length()) {
            return null;
        }
        String rest = name.substring(prefix.length());
        if (rest.length() > 1 && Character.isUpperCase(rest.charAt(0)) && Character.isUpperCase(rest.charAt(1))) {
            return rest;
        }
        return Character.toLowerCase(rest.charAt(0)) + rest.substring(1);
    }
}
