package org.slipway.integration;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Looks for what {@link RequiresSamba} asks for. */
final class SambaCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (isOnPath("smbclient") && (isOnPath("smbd") || Files.isExecutable(Path.of("/usr/sbin/smbd")))) {
            return ConditionEvaluationResult.enabled("found smbd and smbclient");
        }
        String reason = "smbd or smbclient is missing (Debian: samba, smbclient)";
        if (Environment.isCi()) {
            throw new IllegalStateException(reason);
        }
        System.out.println("skipped: " + context.getDisplayName() + ": " + reason);
        return ConditionEvaluationResult.disabled(reason);
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
