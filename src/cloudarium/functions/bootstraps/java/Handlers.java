package cloudarium;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the handler that a function's configuration names: `package.Class`, which implements
 * RequestHandler or RequestStreamHandler, or `package.Class::method`.
 */
final class Handlers {
    private final Lambda lambda;

    Handlers(Lambda lambda) {
        this.lambda = lambda;
    }

    /** Throws Fault; one that is not fatal is to be told at every invocation. */
    Handler load(String name) {
        int colons = name.lastIndexOf("::");
        String className = colons < 0 ? name : name.substring(0, colons);
        String method = colons < 0 ? null : name.substring(colons + 2);
        if (className.isEmpty() || (method != null && method.isEmpty())) {
            throw new Fault("Invalid handler: `" + name + "'");
        }
        Class<?> type = load(name, className);
        return method == null ? ofInterface(type) : ofMethod(type, method);
    }

    private Class<?> load(String name, String className) {
        try {
            return Class.forName(className, true, lambda.loader);
        } catch (ClassNotFoundException error) {
            throw Fault.of("Class not found: " + className, error, false);
        } catch (Throwable error) {
            String reason = error.getMessage() == null ? "" : ": " + error.getMessage();
            throw Fault.of("Error loading class " + className + reason, error, true);
        }
    }

    private Handler ofInterface(Class<?> type) {
        if (isA(type, lambda.requestStreamHandler)) {
            return calling(type, method(type, "handleRequest", InputStream.class, OutputStream.class, lambda.context));
        }
        if (!isA(type, lambda.requestHandler)) {
            throw new Fault("Class does not implement an appropriate handler interface: " + type.getName());
        }
        Type[] types = Generics.arguments(type, lambda.requestHandler);
        if (types == null) {
            throw new Fault("Class " + type.getName()
                    + " does not implement RequestHandler with concrete type parameters");
        }
        Object instance = instance(type);
        Method method = method(lambda.requestHandler, "handleRequest", Object.class, lambda.context);
        return (event, context) -> {
            Object input = input(event, types[0]);
            return output(invoke(method, instance, input, context), types[1]);
        };
    }

    private static boolean isA(Class<?> type, Class<?> wanted) {
        return wanted != null && wanted.isAssignableFrom(type);
    }

    private static Method method(Class<?> type, String name, Class<?>... parameters) {
        try {
            return type.getMethod(name, parameters);
        } catch (NoSuchMethodException error) {
            throw Fault.of(error, false);
        }
    }

    /** Of overloads the longest is taken, one that ends with a Context before one that does not. */
    private Handler ofMethod(Class<?> type, String name) {
        List<Method> found = new ArrayList<>();
        for (Method method : type.getMethods()) {
            if (method.getName().equals(name)) {
                found.add(method);
            }
        }
        found.sort(Comparator.comparing(Method::isBridge).thenComparing(method -> -weight(method)));
        for (Method method : found) {
            if (isSuitable(method.getParameterTypes())) {
                return calling(type, method);
            }
        }
        throw new Fault("No public method named " + name + " with appropriate method signature found on class "
                + type.getName());
    }

    private int weight(Method method) {
        Class<?>[] types = method.getParameterTypes();
        return types.length + (types.length > 0 && isContext(types[types.length - 1]) ? 1 : 0);
    }

    private boolean isContext(Class<?> type) {
        return type == lambda.context;
    }

    private boolean isSuitable(Class<?>[] types) {
        return switch (types.length) {
            case 0, 1 -> true;
            case 2 -> types[0] == InputStream.class && types[1] == OutputStream.class
                    || isContext(types[1]) && !isContext(types[0]);
            case 3 -> types[0] == InputStream.class && types[1] == OutputStream.class && isContext(types[2]);
            default -> false;
        };
    }

    /** A handler that gives a method what its parameters ask for. */
    private Handler calling(Class<?> type, Method method) {
        Object instance = Modifier.isStatic(method.getModifiers()) ? null : instance(type);
        Type[] types = method.getGenericParameterTypes();
        List<Type> all = List.of(types);
        boolean isStream = all.contains(InputStream.class) || all.contains(OutputStream.class);
        return (event, context) -> {
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            Object[] arguments = new Object[types.length];
            for (int i = 0; i < types.length; i++) {
                if (types[i] == InputStream.class) {
                    arguments[i] = new ByteArrayInputStream(event);
                } else if (types[i] == OutputStream.class) {
                    arguments[i] = written;
                } else {
                    arguments[i] = types[i] == lambda.context ? context : input(event, types[i]);
                }
            }
            Object answer = invoke(method, instance, arguments);
            return isStream ? written.toByteArray() : output(answer, method.getGenericReturnType());
        };
    }

    private static Object instance(Class<?> type) {
        Constructor<?> constructor;
        try {
            constructor = type.getConstructor();
        } catch (NoSuchMethodException error) {
            if (type.getEnclosingClass() != null && !Modifier.isStatic(type.getModifiers())) {
                throw Fault.of(new Exception("Class " + type.getName()
                        + " cannot be instantiated because it is a non-static inner class"), false);
            }
            throw Fault.of(new Exception("Class " + type.getName() + " has no public zero-argument constructor", error),
                    false);
        }
        try {
            return constructor.newInstance();
        } catch (InvocationTargetException error) {
            throw Fault.of(error.getCause(), true);
        } catch (ReflectiveOperationException error) {
            throw Fault.of(error, false);
        }
    }

    private static Object invoke(Method method, Object instance, Object... arguments) throws Throwable {
        try {
            method.setAccessible(true); // a public method of a class that is not
            return method.invoke(instance, arguments);
        } catch (InvocationTargetException error) {
            throw error.getCause();
        }
    }

    private static Object input(byte[] event, Type type) {
        try {
            return Beans.read(Json.read(new String(event, StandardCharsets.UTF_8)), type);
        } catch (RuntimeException | ReflectiveOperationException error) {
            Fault.withoutOurFrames(error);
            throw new RuntimeException("An error occurred during JSON parsing", error);
        }
    }

    private static byte[] output(Object answer, Type type) {
        if (type == void.class || type == Void.class) {
            return "null".getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Json.write(Plain.of(answer)).getBytes(StandardCharsets.UTF_8);
        } catch (RuntimeException | ReflectiveOperationException | StackOverflowError error) {
            throw new RuntimeException("An error occurred during JSON serialization of response", error);
        }
    }
}
