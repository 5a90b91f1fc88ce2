package cloudarium;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.LinkedHashSet;

/**
 * Makes objects of JSON as AWS's runtime does: by setters and public fields named like the member,
 * what is not known being passed over. Classes of `aws-lambda-java-events` are filled by their
 * fields, whatever the case of their names, since AWS has serializers of its own for them.
 */
final class Beans {
    private static final String EVENTS = "com.amazonaws.services.lambda.runtime.events.";

    private Beans() {}

    /** `json` is what `Json.read` makes. Throws what says why it cannot be of this type. */
    static Object read(Object json, Type type) throws ReflectiveOperationException {
        Class<?> raw = Generics.raw(type);
        if (raw == Optional.class) {
            return Optional.ofNullable(json == null ? null : read(json, argument(type, Optional.class, 0)));
        }
        if (json == null) {
            return raw.isPrimitive() ? Array.get(Array.newInstance(raw, 1), 0) : null;
        }
        if (raw == Object.class) {
            return json;
        }
        if (Map.class.isAssignableFrom(raw)) {
            return map(expected(json, Map.class, raw), type, raw);
        }
        if (raw != byte[].class && (raw.isArray() || Collection.class.isAssignableFrom(raw))) {
            List<?> items = json instanceof List<?> several ? several : List.of(json);
            return raw.isArray() ? array(items, type, raw) : collection(items, type, raw);
        }
        if (Scalars.isScalar(raw)) {
            return Scalars.read(json, raw);
        }
        if ("".equals(json) || json instanceof List<?> none && none.isEmpty()) {
            return null;
        }
        if (!(json instanceof Map<?, ?>) && Scalars.isMadeOfText(raw)) {
            return Scalars.ofText(String.valueOf(json), raw);
        }
        Map<?, ?> members = expected(json, Map.class, raw);
        return raw.isRecord() ? ofRecord(members, type, raw) : bean(members, type, raw);
    }

    private static <T> T expected(Object json, Class<T> kind, Class<?> raw) {
        if (!kind.isInstance(json)) {
            throw Scalars.mismatch(json, raw);
        }
        return kind.cast(json);
    }

    private static Type argument(Type type, Class<?> wanted, int number) {
        Type[] arguments = Generics.arguments(type, wanted);
        return arguments == null ? Object.class : arguments[number];
    }

    @SuppressWarnings("unchecked")
    private static Object map(Map<?, ?> members, Type type, Class<?> raw) throws ReflectiveOperationException {
        Map<Object, Object> map = SortedMap.class.isAssignableFrom(raw) ? new TreeMap<>() : new LinkedHashMap<>();
        if (!raw.isInstance(map)) {
            map = (Map<Object, Object>) raw.getConstructor().newInstance();
        }
        for (Map.Entry<?, ?> member : members.entrySet()) {
            Object key = read(member.getKey(), argument(type, Map.class, 0));
            map.put(key, read(member.getValue(), argument(type, Map.class, 1)));
        }
        return map;
    }

    @SuppressWarnings("unchecked")
    private static Object collection(List<?> items, Type type, Class<?> raw) throws ReflectiveOperationException {
        Collection<Object> found = SortedSet.class.isAssignableFrom(raw) ? new TreeSet<>()
                : Set.class.isAssignableFrom(raw) ? new LinkedHashSet<>() : new ArrayList<>();
        if (!raw.isInstance(found)) {
            found = (Collection<Object>) raw.getConstructor().newInstance();
        }
        for (Object item : items) {
            found.add(read(item, argument(type, Iterable.class, 0)));
        }
        return found;
    }

    private static Object array(List<?> items, Type type, Class<?> raw) throws ReflectiveOperationException {
        Object array = Array.newInstance(raw.getComponentType(), items.size());
        for (int i = 0; i < items.size(); i++) {
            Array.set(array, i, read(items.get(i), raw.getComponentType()));
        }
        return array;
    }

    private static Object ofRecord(Map<?, ?> members, Type type, Class<?> raw) throws ReflectiveOperationException {
        RecordComponent[] components = raw.getRecordComponents();
        Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            Type wanted = Generics.within(type, components[i].getGenericType());
            values[i] = read(members.get(components[i].getName()), wanted);
        }
        Constructor<?> constructor = raw.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor.newInstance(values);
    }

    private static Object bean(Map<?, ?> members, Type type, Class<?> raw) throws ReflectiveOperationException {
        boolean isEvent = raw.getName().startsWith(EVENTS);
        Object bean = instance(raw, isEvent);
        for (Map.Entry<?, ?> member : members.entrySet()) {
            String name = String.valueOf(member.getKey());
            if (isEvent) {
                setField(bean, raw, type, name, member.getValue());
            } else {
                set(bean, raw, type, name, member.getValue());
            }
        }
        return bean;
    }

    private static Object instance(Class<?> raw, boolean isEvent) throws ReflectiveOperationException {
        Constructor<?>[] constructors = raw.getDeclaredConstructors();
        Arrays.sort(constructors, Comparator.comparing(Constructor::getParameterCount));
        if (constructors.length == 0 || Modifier.isAbstract(raw.getModifiers())
                || !isEvent && constructors[0].getParameterCount() > 0) {
            throw new IllegalArgumentException("Cannot construct instance of `" + raw.getName()
                    + "` (no Creators, like default constructor, exist)");
        }
        Object[] nothing = new Object[constructors[0].getParameterCount()];
        for (int i = 0; i < nothing.length; i++) {
            nothing[i] = read(null, constructors[0].getParameterTypes()[i]);
        }
        constructors[0].setAccessible(true);
        return constructors[0].newInstance(nothing);
    }

    private static void set(Object bean, Class<?> raw, Type type, String name, Object value)
            throws ReflectiveOperationException {
        for (Method method : raw.getMethods()) {
            if (method.getParameterCount() == 1 && !method.isBridge() && name.equals(Plain.property(method, "set"))) {
                method.setAccessible(true);
                method.invoke(bean, read(value, Generics.within(type, method.getGenericParameterTypes()[0])));
                return;
            }
        }
        for (Field field : raw.getFields()) {
            if (field.getName().equals(name) && !Modifier.isStatic(field.getModifiers())) {
                field.setAccessible(true);
                field.set(bean, read(value, Generics.within(type, field.getGenericType())));
            }
        }
    }

    private static void setField(Object bean, Class<?> raw, Type type, String name, Object value)
            throws ReflectiveOperationException {
        for (Class<?> each = raw; each != Object.class; each = each.getSuperclass()) {
            for (Field field : each.getDeclaredFields()) {
                if (field.getName().equalsIgnoreCase(name) && !Modifier.isStatic(field.getModifiers())) {
                    field.setAccessible(true);
                    boolean isDate = field.getType() == java.util.Date.class && value instanceof Number;
                    Object read = isDate ? Scalars.seconds((Number) value) : read(value, field.getGenericType());
                    field.set(bean, read);
                    return;
                }
            }
        }
    }
}
