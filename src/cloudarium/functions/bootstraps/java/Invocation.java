package cloudarium;

/** What the Runtime API hands over; optional parts are null. */
record Invocation(
        String requestId,
        byte[] event,
        long deadlineMillis,
        String functionArn,
        String traceId,
        String clientContext,
        String identity) {}
