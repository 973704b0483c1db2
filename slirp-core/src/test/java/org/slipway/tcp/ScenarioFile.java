package org.slipway.tcp;

import java.util.List;

/**
 * One scenario in text: one rule of an RFC, and a packet log that holds it. The notation is described in
 * {@code docs/internals/tcp-scenarios.md}.
 *
 * @param name of the file
 * @param rule the sentence at its top, with its sections
 */
record ScenarioFile(String name, String rule, List<Step> steps) {

    /** What a step does. */
    @FunctionalInterface
    interface Action {
        void on(ScenarioRunner runner);
    }

    /** One line. */
    record Step(int line, String text, Action action) {}
}
