package cloudarium;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The function cannot be loaded. One that is not fatal is every invocation's error, as on AWS.
 */
final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String OURS = Fault.class.getPackageName() + ".";

    final String type;
    final String trace;
    final boolean isFatal;

    Fault(String message, String type, String trace, boolean isFatal) {
        super(message);
        this.type = type;
        this.trace = trace;
        this.isFatal = isFatal;
    }

    Fault(String message) {
        this(message, null, null, false);
    }

    static Fault of(Throwable error, boolean isFatal) {
        return of(message(error), error, isFatal);
    }

    static Fault of(String message, Throwable error, boolean isFatal) {
        withoutOurFrames(error);
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return new Fault(message, error.getClass().getName(), text.toString(), isFatal);
    }

    static String message(Throwable error) {
        String message = error.getLocalizedMessage();
        return message == null ? error.getClass().getName() : message;
    }

    /** What AWS's runtime writes to the function's log. */
    String logged() {
        if (type == null) {
            return getMessage() + "\n";
        }
        return getMessage() + ": " + type + "\n" + trace + "\n";
    }

    /** Cuts an error's stack, and its causes', where our own code (and reflection before it) begins. */
    static void withoutOurFrames(Throwable error) {
        List<Throwable> seen = new ArrayList<>();
        for (Throwable each = error; each != null && !seen.contains(each); each = each.getCause()) {
            seen.add(each);
            StackTraceElement[] trace = each.getStackTrace();
            int end = 0;
            while (end < trace.length && !trace[end].getClassName().startsWith(OURS)) {
                end++;
            }
            if (end < trace.length) {
                while (end > 0 && isReflection(trace[end - 1].getClassName())) {
                    end--;
                }
                each.setStackTrace(Arrays.copyOf(trace, end));
            }
        }
    }

    private static boolean isReflection(String name) {
        return name.startsWith("java.lang.reflect.") || name.startsWith("jdk.internal.reflect.")
                || name.startsWith("java.lang.invoke.");
    }
}
