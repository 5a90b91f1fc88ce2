package cloudarium;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The function's classes, and `aws-lambda-java-core` among them: its interfaces are known by name
 * only, and implemented by proxies, so that any version of it will do.
 */
final class Lambda {
    private static final String CORE = "com.amazonaws.services.lambda.runtime.";
    private static final char RECORD_SEPARATOR = '\u001e';
    private static final PrintStream OUT =
            new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);

    final ClassLoader loader;
    final Class<?> context;
    final Class<?> requestHandler;
    final Class<?> requestStreamHandler;
    private final Object logger;

    /** `layers` is where layers' files are (AWS's /opt). */
    Lambda(String root, String layers) throws MalformedURLException {
        List<URL> places = new ArrayList<>();
        places.add(new File(root + "/").toURI().toURL());
        for (String folder : new String[] {root + "/lib", layers + "/java/lib"}) {
            String[] names = new File(folder).list((parent, name) -> name.endsWith(".jar"));
            Arrays.sort(names == null ? new String[0] : names);
            for (String name : names == null ? new String[0] : names) {
                places.add(new File(folder, name).toURI().toURL());
            }
        }
        loader = new URLClassLoader(places.toArray(new URL[0]), ClassLoader.getSystemClassLoader());
        context = core("Context");
        requestHandler = core("RequestHandler");
        requestStreamHandler = core("RequestStreamHandler");
        logger = proxy("LambdaLogger", (self, method, arguments) -> write(method, arguments));
        setLogger();
    }

    private Class<?> core(String name) {
        try {
            return Class.forName(CORE + name, false, loader);
        } catch (ClassNotFoundException | NoClassDefFoundError missing) {
            return null;
        }
    }

    private Object proxy(String name, InvocationHandler handler) {
        Class<?> type = core(name);
        InvocationHandler guarded = (self, method, arguments) ->
                method.getDeclaringClass() == Object.class
                        ? ofObject(self, name, method, arguments)
                        : handler.invoke(self, method, arguments);
        return type == null ? null : Proxy.newProxyInstance(loader, new Class<?>[] {type}, guarded);
    }

    private static Object ofObject(Object self, String name, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            default -> name;
        };
    }

    /** `LambdaRuntime.getLogger()` answers the same logger as the context. */
    private void setLogger() {
        try {
            Class<?> runtime = core("LambdaRuntime");
            if (runtime != null) {
                Field field = runtime.getDeclaredField("logger");
                field.setAccessible(true);
                field.set(null, logger);
            }
        } catch (ReflectiveOperationException another) {
            return; // a core library of another make keeps its own logger
        }
    }

    private static Object write(Method method, Object[] arguments) {
        Object message = arguments[0];
        log(message instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : (String) message);
        return null;
    }

    /** Writes one log event, whatever its number of lines. */
    static synchronized void log(String message) {
        System.out.flush();
        String text = message == null ? "null" : message;
        String whole = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        OUT.print(whole.replace('\n', RECORD_SEPARATOR) + "\n");
        OUT.flush();
    }

    /** The library's Context of an invocation, null without the library. */
    Object context(Invocation invocation) {
        Map<String, Object> values = new HashMap<>();
        values.put("getAwsRequestId", invocation.requestId());
        values.put("getLogGroupName", System.getenv("AWS_LAMBDA_LOG_GROUP_NAME"));
        values.put("getLogStreamName", System.getenv("AWS_LAMBDA_LOG_STREAM_NAME"));
        values.put("getFunctionName", System.getenv("AWS_LAMBDA_FUNCTION_NAME"));
        values.put("getFunctionVersion", System.getenv("AWS_LAMBDA_FUNCTION_VERSION"));
        values.put("getInvokedFunctionArn", invocation.functionArn());
        values.put("getMemoryLimitInMB", Integer.valueOf(System.getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")));
        values.put("getXrayTraceId", invocation.traceId());
        values.put("getIdentity", identity(invocation.identity()));
        values.put("getClientContext", clientContext(invocation.clientContext()));
        values.put("w3c", w3c(fields(invocation.clientContext())));
        values.put("getLogger", logger);
        return proxy("Context", (self, method, arguments) -> {
            if (method.getName().equals("getRemainingTimeInMillis")) {
                return (int) Math.max(invocation.deadlineMillis() - System.currentTimeMillis(), 0);
            }
            return values.get(method.getName());
        });
    }

    private Object identity(String text) {
        Map<?, ?> fields = fields(text);
        return fields == null ? null : values("CognitoIdentity", Map.of(
                "getIdentityId", String.valueOf(fields.get("cognitoIdentityId")),
                "getIdentityPoolId", String.valueOf(fields.get("cognitoIdentityPoolId"))));
    }

    private Object clientContext(String text) {
        Map<?, ?> fields = fields(text);
        if (fields == null) {
            return null;
        }
        Map<String, Object> client = new HashMap<>();
        if (fields.get("client") instanceof Map<?, ?> given) {
            client.put("getInstallationId", given.get("installation_id"));
            client.put("getAppTitle", given.get("app_title"));
            client.put("getAppVersionName", given.get("app_version_name"));
            client.put("getAppVersionCode", given.get("app_version_code"));
            client.put("getAppPackageName", given.get("app_package_name"));
        }
        Map<String, Object> values = new HashMap<>();
        values.put("getClient", client.isEmpty() ? null : values("Client", client));
        values.put("getCustom", fields.containsKey("custom") ? fields.get("custom") : Collections.emptyMap());
        values.put("getEnvironment", fields.containsKey("env") ? fields.get("env") : Collections.emptyMap());
        return values("ClientContext", values);
    }

    /** The W3C trace context that a client context has. */
    private static Map<String, String> w3c(Map<?, ?> client) {
        Map<String, String> found = new LinkedHashMap<>();
        if (client != null && client.get("w3c") instanceof Map<?, ?> given) {
            for (String name : List.of("traceparent", "tracestate", "baggage")) {
                if (given.get(name) instanceof String value) {
                    found.put(name, value);
                }
            }
        }
        return Collections.unmodifiableMap(found);
    }

    private Object values(String name, Map<String, Object> values) {
        return proxy(name, (self, method, arguments) -> values.get(method.getName()));
    }

    private static Map<?, ?> fields(String text) {
        return text == null ? null : (Map<?, ?>) Json.read(text);
    }
}
