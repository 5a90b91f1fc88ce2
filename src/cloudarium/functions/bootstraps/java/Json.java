package cloudarium;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON text to and from Map, List, String, Integer, Long, BigInteger, Double, Boolean and null.
 */
final class Json {
    private static final int DEPTH = 1000;

    private final String text;
    private int place;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    static Object read(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.space();
        if (json.place < text.length()) {
            throw json.wrong("the end");
        }
        return value;
    }

    private IllegalArgumentException wrong(String expected) {
        String found = place < text.length() ? "'" + text.charAt(place) + "'" : "the end";
        return new IllegalArgumentException("Expected " + expected + " at character " + place + ", found " + found);
    }

    private Object value() {
        if (++depth > DEPTH) {
            throw new IllegalArgumentException("More than " + DEPTH + " values in each other");
        }
        space();
        char next = place < text.length() ? text.charAt(place) : 0;
        Object value = switch (next) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", Boolean.TRUE);
            case 'f' -> word("false", Boolean.FALSE);
            case 'n' -> word("null", null);
            default -> number();
        };
        depth--;
        return value;
    }

    private void space() {
        while (place < text.length() && " \t\r\n".indexOf(text.charAt(place)) >= 0) {
            place++;
        }
    }

    private boolean accept(char wanted) {
        space();
        boolean found = place < text.length() && text.charAt(place) == wanted;
        place += found ? 1 : 0;
        return found;
    }

    private void expect(char wanted) {
        if (!accept(wanted)) {
            throw wrong("'" + wanted + "'");
        }
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, place)) {
            throw wrong(word);
        }
        place += word.length();
        return value;
    }

    private Map<String, Object> object() {
        Map<String, Object> object = new LinkedHashMap<>();
        expect('{');
        if (accept('}')) {
            return object;
        }
        do {
            space();
            String name = string();
            expect(':');
            object.put(name, value());
        } while (accept(','));
        expect('}');
        return object;
    }

    private List<Object> array() {
        List<Object> array = new ArrayList<>();
        expect('[');
        if (accept(']')) {
            return array;
        }
        do {
            array.add(value());
        } while (accept(','));
        expect(']');
        return array;
    }

    private String string() {
        expect('"');
        StringBuilder string = new StringBuilder();
        while (place < text.length() && text.charAt(place) != '"') {
            char next = text.charAt(place++);
            string.append(next == '\\' ? escaped() : next);
        }
        expect('"');
        return string.toString();
    }

    private char escaped() {
        if (place >= text.length()) {
            throw wrong("a character");
        }
        char next = text.charAt(place++);
        int found = "bfnrt".indexOf(next);
        if (found >= 0) {
            return "\b\f\n\r\t".charAt(found);
        }
        if (next != 'u') {
            return next;
        }
        if (place + 4 > text.length()) {
            throw wrong("four digits");
        }
        place += 4;
        return (char) Integer.parseInt(text.substring(place - 4, place), 16);
    }

    private Number number() {
        int start = place;
        while (place < text.length() && "+-.0123456789eE".indexOf(text.charAt(place)) >= 0) {
            place++;
        }
        String digits = text.substring(start, place);
        if (digits.isEmpty()) {
            throw wrong("a value");
        }
        BigDecimal number = new BigDecimal(digits);
        if (digits.matches(".*[.eE].*")) {
            return number.doubleValue();
        }
        BigInteger whole = number.toBigIntegerExact();
        if (whole.bitLength() < 32) {
            return whole.intValue();
        }
        return whole.bitLength() < 64 ? (Number) whole.longValue() : whole;
    }

    /** Writes values as `Beans.plain` makes them. */
    static String write(Object value) {
        StringBuilder text = new StringBuilder();
        write(value, text);
        return text.toString();
    }

    private static void write(Object value, StringBuilder text) {
        if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                text.append(separator);
                quote(String.valueOf(entry.getKey()), text);
                text.append(':');
                write(entry.getValue(), text);
                separator = ",";
            }
            text.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof Iterable<?> items) {
            String separator = "";
            text.append('[');
            for (Object item : items) {
                text.append(separator);
                write(item, text);
                separator = ",";
            }
            text.append(']');
        } else if (value instanceof String string) {
            quote(string, text);
        } else if (value instanceof Double number && !Double.isFinite(number)) {
            quote(number.toString(), text);
        } else {
            text.append(value);
        }
    }

    private static void quote(String string, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char next = string.charAt(i);
            int found = "\b\f\n\r\t\"\\".indexOf(next);
            if (found >= 0) {
                text.append('\\').append("bfnrt\"\\".charAt(found));
            } else if (next < ' ') {
                text.append(String.format("\\u%04x", (int) next));
            } else {
                text.append(next);
            }
        }
        text.append('"');
    }
}
