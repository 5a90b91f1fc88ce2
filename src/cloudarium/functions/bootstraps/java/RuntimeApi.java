package cloudarium;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Speaks HTTP to the Runtime API over one connection. */
final class RuntimeApi {
    private static final String BASE = " /2018-06-01/runtime/";

    private final String host;
    private final InputStream input;
    private final OutputStream output;

    RuntimeApi(String address) throws IOException {
        host = address;
        int colon = address.lastIndexOf(':');
        @SuppressWarnings("resource") // open as long as the process is
        Socket socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        socket.setTcpNoDelay(true);
        input = new BufferedInputStream(socket.getInputStream());
        output = new BufferedOutputStream(socket.getOutputStream());
    }

    /** Waits for the next invocation. */
    Invocation next() throws IOException {
        send("GET" + BASE + "invocation/next", "", new byte[0]);
        Map<String, String> headers = new HashMap<>();
        byte[] event = receive(headers);
        return new Invocation(
                headers.get("lambda-runtime-aws-request-id"),
                event,
                Long.parseLong(headers.get("lambda-runtime-deadline-ms")),
                headers.get("lambda-runtime-invoked-function-arn"),
                headers.get("lambda-runtime-trace-id"),
                headers.get("lambda-runtime-client-context"),
                headers.get("lambda-runtime-cognito-identity"));
    }

    /** Sends a response or an error. */
    void post(String path, byte[] body) throws IOException {
        send("POST" + BASE + path, "Content-Length: " + body.length + "\r\n", body);
        receive(new HashMap<>());
    }

    private void send(String start, String header, byte[] body) throws IOException {
        String head = start + " HTTP/1.1\r\nHost: " + host + "\r\n" + header + "\r\n";
        output.write(head.getBytes(StandardCharsets.ISO_8859_1));
        output.write(body);
        output.flush();
    }

    private byte[] receive(Map<String, String> headers) throws IOException {
        line();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
        }
        return input.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    }

    private String line() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int next = input.read(); next != '\n'; next = input.read()) {
            if (next < 0) {
                Runtime.getRuntime().halt(0); // the server is gone, and with it whoever could read us
            }
            bytes.write(next);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1).trim();
    }
}
