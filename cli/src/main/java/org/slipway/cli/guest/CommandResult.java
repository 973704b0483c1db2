package org.slipway.cli.guest;

/**
 * What a command did in a guest.
 *
 * @param command as it was given
 * @param exitCode its status; 143 if it was ended because its time was up
 * @param output what it printed, both streams in the order of printing, lines ended by '\n', without white space at the end
 */
public record CommandResult(String command, int exitCode, String output) {

    /** Whether the command said that all went well. */
    public boolean ok() {
        return exitCode == 0;
    }

    /**
     * The output of a command that must not fail.
     *
     * @throws GuestException with the command and its output, if it failed
     */
    public String orThrow() {
        if (!ok()) {
            throw new GuestException("in the guest, '" + command + "' exited with " + exitCode + ": " + output);
        }
        return output;
    }
}
