"""Java handlers, and as much of aws-lambda-java-core's interfaces as they need."""

_PACKAGE = "package com.amazonaws.services.lambda.runtime;\n"
CORE = {
    "Context": """public interface Context {
        String getAwsRequestId(); String getLogGroupName(); String getLogStreamName();
        String getFunctionName(); String getFunctionVersion(); String getInvokedFunctionArn();
        CognitoIdentity getIdentity(); ClientContext getClientContext();
        int getRemainingTimeInMillis(); int getMemoryLimitInMB(); LambdaLogger getLogger();
        default java.util.Map<String, String> w3c() { return java.util.Map.of(); } }""",
    "CognitoIdentity": """public interface CognitoIdentity {
        String getIdentityId(); String getIdentityPoolId(); }""",
    "Client": "public interface Client { String getAppTitle(); String getInstallationId(); }",
    "ClientContext": """public interface ClientContext { Client getClient();
        java.util.Map<String, String> getCustom();
        java.util.Map<String, String> getEnvironment(); }""",
    "LambdaLogger": """public interface LambdaLogger {
        void log(String message); void log(byte[] message); }""",
    "LambdaRuntime": """public final class LambdaRuntime {
        private static volatile LambdaLogger logger;
        public static LambdaLogger getLogger() { return logger; } }""",
    "RequestHandler": """public interface RequestHandler<I, O> {
        O handleRequest(I input, Context context); }""",
    "RequestStreamHandler": """public interface RequestStreamHandler {
        void handleRequest(java.io.InputStream input, java.io.OutputStream output, Context context)
            throws java.io.IOException; }""",
}

_IMPORTS = """package demo;
import com.amazonaws.services.lambda.runtime.*;
import java.io.*;
import java.util.*;
"""
HANDLERS = {
    "Maps": """
    public class Maps implements RequestHandler<Map<String, Object>, Map<String, Object>> {
        private int count;
        public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
            event.put("count", ++count);
            return event; } }""",
    "Order": """public class Order {
        public enum Size { SMALL, LARGE }
        public record Price(double amount, String currency) {}
        public static class Item {
            private String name; private List<Integer> sizes;
            public String getName() { return name; }
            public void setName(String name) { this.name = name; }
            public List<Integer> getSizes() { return sizes; }
            public void setSizes(List<Integer> sizes) { this.sizes = sizes; } }
        private String firstName; private boolean paid; private long number;
        private List<Item> items; private Map<String, Price> prices; private Size size;
        public int open;
        public String getFirstName() { return firstName; }
        public void setFirstName(String firstName) { this.firstName = firstName; }
        public boolean isPaid() { return paid; }
        public void setPaid(boolean paid) { this.paid = paid; }
        public long getNumber() { return number; }
        public void setNumber(long number) { this.number = number; }
        public List<Item> getItems() { return items; }
        public void setItems(List<Item> items) { this.items = items; }
        public Map<String, Price> getPrices() { return prices; }
        public void setPrices(Map<String, Price> prices) { this.prices = prices; }
        public Size getSize() { return size; }
        public void setSize(Size size) { this.size = size; } }""",
    "Orders": """abstract class Base<T> implements RequestHandler<T, T> {}
    public class Orders extends Base<Order> {
        public Order handleRequest(Order order, Context context) {
            order.setNumber(order.getNumber() + 1);
            order.getItems().get(0).setName(order.getItems().get(0).getName().toUpperCase());
            return order; } }""",
    "Streams": """public class Streams implements RequestStreamHandler {
        public void handleRequest(InputStream input, OutputStream output, Context context)
                throws IOException {
            byte[] event = input.readAllBytes();
            output.write(("[" + event.length + ",").getBytes());
            output.write(event);
            output.write(']'); } }""",
    "Plain": """public class Plain {
        public int twice(int number) { return 2 * number; }
        public static String greet(String name, Context context) {
            return name + " from " + context.getFunctionName(); }
        public List<String> sorted(List<String> names) { Collections.sort(names); return names; }
        public void nothing() {}
        public String missing(Missing given) { return ""; }
        public static class Missing { public Missing(int one) {} }
        public void raise(Map<String, String> event) {
            throw new IllegalStateException("boom", new RuntimeException("deeper")); }
        public void exit() { System.exit(3); }
        public int heap() { return new byte[1 << 30].length; }
        public void endless() { while (true) { } }
        public String version() { return System.getProperty("java.specification.version"); }
        public String file() throws IOException {
            try (FileWriter writer = new FileWriter("/tmp/x")) { writer.write("x"); }
            return new File("/tmp/x").length() + System.getenv("LAMBDA_TASK_ROOT"); } }""",
    "Told": """public class Told implements RequestHandler<Object, List<Object>> {
        public List<Object> handleRequest(Object event, Context context) {
            context.getLogger().log("one\\nevent");
            LambdaRuntime.getLogger().log("another".getBytes());
            System.out.println("printed");
            boolean later = context.getRemainingTimeInMillis() > 0;
            ClientContext client = context.getClientContext();
            return Arrays.asList(context.getFunctionName(), context.getFunctionVersion(),
                context.getMemoryLimitInMB(), context.getLogGroupName(), context.getAwsRequestId(),
                later, client == null ? null : client.getCustom(), context.w3c()); } }""",
    "Broken": """public class Broken implements RequestHandler<String, String> {
        public Broken() { throw new IllegalArgumentException("no way"); }
        public String handleRequest(String event, Context context) { return ""; } }""",
}
SOURCES = {
    **{f"com/{name}.java": _PACKAGE + source for name, source in CORE.items()},
    **{f"demo/{name}.java": _IMPORTS + source for name, source in HANDLERS.items()},
}
