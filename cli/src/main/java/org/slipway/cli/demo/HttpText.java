package org.slipway.cli.demo;

/** The little of HTTP (RFC 9112) that the demonstration speaks by itself. */
final class HttpText {

    private HttpText() {}

    /** The body of a whole response with status 200. */
    static String body(String response) {
        int end = response.indexOf("\r\n\r\n");
        if (end < 0 || !response.split(" ", 3)[1].equals("200")) {
            throw new StepException(
                    "the answer is no page: " + response.lines().findFirst().orElse("nothing came"));
        }
        return response.substring(end + 4).strip();
    }

    /** A whole response with {@code page} as its body. */
    static String response(String page) {
        return "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + page.length()
                + "\r\nConnection: close\r\n\r\n" + page;
    }
}
