package cloudarium;

/** A function's handler, whatever its form. */
interface Handler {
    /** Answers an event, both as JSON; `context` is the library's Context, null if it is not there. */
    byte[] call(byte[] event, Object context) throws Throwable;
}
