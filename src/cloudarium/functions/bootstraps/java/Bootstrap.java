package cloudarium;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The Java runtime: loads the handler, then serves invocations from the Runtime API.
 *
 * Runs inside a function's environment, on the JDK alone. Errors, log lines and the context object
 * are those of AWS's runtime interface client for Java.
 */
public final class Bootstrap {
    private static final String TRACE_PROPERTY = "com.amazonaws.xray.traceHeader";

    private Bootstrap() {}

    public static void main(String[] arguments) throws Exception {
        RuntimeApi api = new RuntimeApi(System.getenv("AWS_LAMBDA_RUNTIME_API"));
        Lambda lambda = new Lambda(System.getenv("LAMBDA_TASK_ROOT"), arguments[0]);
        Thread.currentThread().setContextClassLoader(lambda.loader);
        Handler handler = null;
        try {
            handler = new Handlers(lambda).load(System.getenv("_HANDLER"));
        } catch (Fault fault) {
            if (fault.isFatal) {
                Lambda.log(fault.logged());
                api.post("init/error", body(fault));
                System.exit(1);
            }
            handler = (event, context) -> {
                throw fault;
            };
        }
        while (serve(api, lambda, handler)) {
            Thread.interrupted();
        }
        System.exit(1);
    }

    /** Serves one invocation; whether the environment can take another. */
    private static boolean serve(RuntimeApi api, Lambda lambda, Handler handler) throws Exception {
        Invocation invocation = api.next();
        if (invocation.traceId() == null) {
            System.clearProperty(TRACE_PROPERTY);
        } else {
            System.setProperty(TRACE_PROPERTY, invocation.traceId());
        }
        String path = "invocation/" + invocation.requestId() + "/";
        try {
            byte[] answer = handler.call(invocation.event(), lambda.context(invocation));
            System.out.flush();
            api.post(path + "response", answer);
            return true;
        } catch (Fault fault) {
            Lambda.log(fault.logged());
            api.post(path + "error", body(fault));
            return !fault.isFatal;
        } catch (Throwable error) {
            Fault.withoutOurFrames(error);
            Lambda.log(Fault.of(error, false).logged());
            api.post(path + "error", body(error));
            return !(error instanceof VirtualMachineError || error instanceof java.io.IOError);
        }
    }

    private static byte[] body(Fault fault) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("errorMessage", fault.getMessage());
        if (fault.type != null) {
            fields.put("errorType", fault.type);
        }
        return Json.write(fields).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] body(Throwable error) {
        return Json.write(fields(error, 0)).getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Object> fields(Throwable error, int depth) {
        List<Object> trace = new ArrayList<>();
        for (StackTraceElement element : error.getStackTrace()) {
            trace.add(element.toString());
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("errorMessage", Fault.message(error));
        fields.put("errorType", error.getClass().getName());
        fields.put("stackTrace", trace);
        if (error.getCause() != null && depth < 10) {
            fields.put("cause", fields(error.getCause(), depth + 1));
        }
        return fields;
    }
}
