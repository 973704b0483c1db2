package org.slipway.integration;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slipway.cli.guest.GuestException;
import org.slipway.cli.guest.GuestParts;

/** Looks for what {@link RequiresGuest} asks for. */
final class GuestCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        try {
            return ConditionEvaluationResult.enabled("found " + GuestParts.find());
        } catch (GuestException e) {
            if (Environment.isCi()) {
                throw e;
            }
            System.out.println("skipped: " + context.getDisplayName() + ": " + e.getMessage());
            return ConditionEvaluationResult.disabled(e.getMessage());
        }
    }
}
