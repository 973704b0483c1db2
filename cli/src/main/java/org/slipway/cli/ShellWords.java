package org.slipway.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line into words as a shell does before it expands anything (POSIX, Shell Command Language 2.2): blanks separate,
 * single quotes keep all, double quotes all but a backslash before {@code $ ` " \}, and a backslash elsewhere keeps the next
 * character. Nothing is expanded.
 */
final class ShellWords {

    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int at;

    private ShellWords(String line) {
        this.line = line;
    }

    /**
     * The words of {@code line}.
     *
     * @throws IllegalArgumentException if a quote is not closed or the last character is a backslash
     */
    static List<String> split(String line) {
        return new ShellWords(line).split();
    }

    private List<String> split() {
        while (at < line.length()) {
            char character = line.charAt(at++);
            switch (character) {
                case ' ', '\t', '\n' -> endWord();
                case '\'' -> singleQuoted();
                case '"' -> doubleQuoted();
                case '\\' -> add(next("a backslash at the end of"));
                default -> add(character);
            }
        }
        endWord();
        return List.copyOf(words);
    }

    private void singleQuoted() {
        inWord = true;
        for (char character = next("no closing ' in"); character != '\''; character = next("no closing ' in")) {
            add(character);
        }
    }

    private void doubleQuoted() {
        inWord = true;
        for (char character = next("no closing \" in"); character != '"'; character = next("no closing \" in")) {
            if (character != '\\') {
                add(character);
                continue;
            }
            char escaped = next("no closing \" in");
            if ("$`\"\\".indexOf(escaped) < 0) {
                add('\\');
            }
            add(escaped);
        }
    }

    private char next(String fault) {
        if (at == line.length()) {
            throw new IllegalArgumentException(fault + " '" + line + "'");
        }
        return line.charAt(at++);
    }

    private void add(char character) {
        inWord = true;
        word.append(character);
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }
}
