package cloudarium;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Values that are one word in JSON. */
final class Scalars {
    private static final Set<Class<?>> NUMBERS = Set.of(
            byte.class, Byte.class, short.class, Short.class, int.class, Integer.class, long.class, Long.class,
            float.class, Float.class, double.class, Double.class, Number.class, BigInteger.class, BigDecimal.class);
    private static final Set<Class<?>> OTHERS = Set.of(
            boolean.class, Boolean.class, char.class, Character.class, String.class, CharSequence.class,
            byte[].class, ByteBuffer.class, Date.class, Instant.class);

    private Scalars() {}

    static boolean isScalar(Class<?> type) {
        return type.isEnum() || NUMBERS.contains(type) || OTHERS.contains(type);
    }

    static IllegalArgumentException mismatch(Object json, Class<?> type) {
        String kind = json instanceof Map ? "Object value (token `JsonToken.START_OBJECT`)"
                : json instanceof List ? "Array value (token `JsonToken.START_ARRAY`)"
                : json instanceof String ? "String value" : "the value " + json;
        return new IllegalArgumentException(
                "Cannot deserialize value of type `" + type.getName() + "` from " + kind);
    }

    static Object read(Object given, Class<?> type) {
        Object json = given instanceof List<?> items && items.size() == 1 ? items.get(0) : given;
        if (json instanceof Map || json instanceof List) {
            throw mismatch(json, type);
        }
        String text = String.valueOf(json);
        if (NUMBERS.contains(type)) {
            return json instanceof Boolean || text.isBlank() ? number(json, text, type) : number(new BigDecimal(text), type);
        }
        if (type.isEnum()) {
            return constant(text, type);
        }
        if (type == boolean.class || type == Boolean.class) {
            return json instanceof Number number ? number.intValue() != 0 : Boolean.parseBoolean(text);
        }
        if (type == char.class || type == Character.class) {
            return text.isEmpty() ? Character.valueOf((char) 0) : Character.valueOf(text.charAt(0));
        }
        if (type == byte[].class) {
            return Base64.getDecoder().decode(text);
        }
        if (type == ByteBuffer.class) {
            return ByteBuffer.wrap(Base64.getDecoder().decode(text));
        }
        if (type == Date.class) {
            return json instanceof Number number ? new Date(number.longValue()) : Date.from(Instant.parse(text));
        }
        if (type == Instant.class) {
            return json instanceof Number number ? seconds(number).toInstant() : Instant.parse(text);
        }
        return text;
    }

    /** A time in AWS's events: seconds since 1970, with fractions. */
    static Date seconds(Number seconds) {
        return new Date(Math.round(seconds.doubleValue() * 1000));
    }

    private static Object number(Object json, String text, Class<?> type) {
        if (json instanceof Boolean) {
            throw mismatch(json, type);
        }
        return type.isPrimitive() ? number(BigDecimal.ZERO, type) : null;
    }

    private static Object number(BigDecimal number, Class<?> type) {
        return switch (type.getSimpleName()) {
            case "byte", "Byte" -> number.toBigInteger().byteValueExact();
            case "short", "Short" -> number.toBigInteger().shortValueExact();
            case "int", "Integer" -> number.toBigInteger().intValueExact();
            case "long", "Long" -> number.toBigInteger().longValueExact();
            case "float", "Float" -> number.floatValue();
            case "double", "Double" -> number.doubleValue();
            case "BigInteger" -> number.toBigInteger();
            default -> number;
        };
    }

    private static Object constant(String text, Class<?> type) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(text)) {
                return constant;
            }
        }
        return null; // as AWS reads unknown ones
    }

    static boolean isMadeOfText(Class<?> type) {
        return maker(type) != null;
    }

    /** An object of a class with `parse`, `fromString` or `valueOf` (UUID, LocalDate, joda's DateTime). */
    static Object ofText(String text, Class<?> type) throws ReflectiveOperationException {
        try {
            return maker(type).invoke(null, text);
        } catch (InvocationTargetException error) {
            throw new IllegalArgumentException(Fault.message(error.getCause()), error.getCause());
        }
    }

    private static Method maker(Class<?> type) {
        for (String name : List.of("parse", "fromString", "valueOf")) {
            for (Class<?> parameter : List.of(String.class, CharSequence.class)) {
                try {
                    Method method = type.getMethod(name, parameter);
                    if (Modifier.isStatic(method.getModifiers()) && type.isAssignableFrom(method.getReturnType())) {
                        return method;
                    }
                } catch (NoSuchMethodException another) {
                    continue;
                }
            }
        }
        return null;
    }
}
