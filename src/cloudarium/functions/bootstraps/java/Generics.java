package cloudarium;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.HashMap;
import java.util.Map;

/** What a class's type parameters stand for. */
final class Generics {
    private Generics() {}

    /** The class behind a type; Object for what is not known. */
    static Class<?> raw(Type type) {
        if (type instanceof Class<?> known) {
            return known;
        }
        if (type instanceof ParameterizedType known) {
            return (Class<?>) known.getRawType();
        }
        if (type instanceof GenericArrayType array) {
            return raw(array.getGenericComponentType()).arrayType();
        }
        if (type instanceof WildcardType wildcard) {
            return raw(wildcard.getUpperBounds()[0]);
        }
        return type instanceof TypeVariable<?> variable ? raw(variable.getBounds()[0]) : Object.class;
    }

    /** `wanted`'s type arguments as `type` (a subtype) has them; null if it has none. */
    static Type[] arguments(Type type, Class<?> wanted) {
        return arguments(type, wanted, Map.of());
    }

    private static Type[] arguments(Type type, Class<?> wanted, Map<Type, Type> outer) {
        Class<?> raw = raw(type);
        Type[] own = type instanceof ParameterizedType known ? known.getActualTypeArguments() : new Type[0];
        for (int i = 0; i < own.length; i++) {
            own[i] = outer.getOrDefault(own[i], own[i]);
        }
        if (raw == wanted) {
            return own.length == 0 ? null : own;
        }
        Map<Type, Type> inner = new HashMap<>();
        for (int i = 0; i < own.length; i++) {
            inner.put(raw.getTypeParameters()[i], own[i]);
        }
        for (Type above : raw.getGenericInterfaces()) {
            if (wanted.isAssignableFrom(raw(above))) {
                return arguments(above, wanted, inner);
            }
        }
        Type above = raw.getGenericSuperclass();
        return above != null && wanted.isAssignableFrom(raw(above)) ? arguments(above, wanted, inner) : null;
    }

    /** A type as it is within `owner`, with the owner's type arguments for its variables. */
    static Type within(Type owner, Type type) {
        if (type instanceof TypeVariable<?> && owner instanceof ParameterizedType known) {
            TypeVariable<?>[] names = raw(owner).getTypeParameters();
            for (int i = 0; i < names.length; i++) {
                if (names[i].equals(type)) {
                    return known.getActualTypeArguments()[i];
                }
            }
        }
        return type;
    }
}
