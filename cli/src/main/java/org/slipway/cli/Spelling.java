package org.slipway.cli;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds what a mistyped word may have been meant to be. */
final class Spelling {

    private Spelling() {}

    /** The word of {@code candidates} closest to {@code word}, if it is close enough to be meant; else null. */
    static @Nullable String nearest(String word, Collection<String> candidates) {
        String best = null;
        // One slip in a short word, two in a longer one: more would suggest words that were not meant.
        int bestDistance = (word.length() <= 4 ? 1 : 2) + 1;
        for (String candidate : candidates) {
            int distance = distance(word, candidate);
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** How many characters have to be inserted, removed, replaced or swapped with their neighbour. */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
