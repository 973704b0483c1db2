package org.slipway;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.netty.util.ReferenceCounted;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the arrows between the packages, which all go down. */
class ArchitectureTest {

    private static final String ROOT = "org.slipway.";

    /** Which packages each package may use, besides itself. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("loop", Set.of()),
            Map.entry("wire", Set.of()),
            Map.entry("lan", Set.of("wire", "loop")),
            Map.entry("capture", Set.of("wire", "lan", "loop")),
            Map.entry("link", Set.of("wire", "lan", "loop")),
            Map.entry("tcp", Set.of("wire")),
            Map.entry("ip", Set.of("wire", "lan", "loop")),
            Map.entry("nat", Set.of("wire", "tcp", "ip", "lan", "loop")),
            Map.entry("service", Set.of("wire", "lan", "ip", "loop")),
            Map.entry("gateway", Set.of("loop", "wire", "lan", "capture", "link", "tcp", "ip", "nat", "service")),
            Map.entry("guest", Set.of("wire", "lan", "ip", "tcp", "loop")),
            Map.entry(
                    "network",
                    Set.of(
                            "loop", "wire", "lan", "capture", "link", "tcp", "ip", "nat", "service", "gateway",
                            "guest")));

    private static final String[] MAY_USE_CHANNELS =
            packages(Set.of("lan", "link", "nat", "service", "loop", "network"));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
            .importPackages("org.slipway");

    static Stream<String> names() {
        return MAY_USE.keySet().stream().sorted();
    }

    private static String[] packages(Set<String> names) {
        return names.stream().map(name -> ROOT + name + "..").toArray(String[]::new);
    }

    @Test
    void everyClassIsInAPackageThatHasARule() {
        assertThat(CLASSES).isNotEmpty();
        classes().should().resideInAnyPackage(packages(MAY_USE.keySet())).check(CLASSES);
    }

    @ParameterizedTest
    @MethodSource("names")
    void packageUsesOnlyThoseBelow(String name) {
        Set<String> below = MAY_USE.get(name);
        noClasses()
                .that()
                .resideInAPackage(ROOT + name + "..")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + ".")
                        .and(not(resideInAPackage(ROOT + name + "..")))
                        .and(not(resideInAnyPackage(packages(below)))))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void tcpKnowsNothingOfNettyButBuffers() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "tcp..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.netty..")
                        .and(not(resideInAPackage("io.netty.buffer..")))
                        // Where release() of a buffer is declared.
                        .and(not(belongToAnyOf(ReferenceCounted.class))))
                .check(CLASSES);
    }

    @Test
    void channelsAreOfThoseWhoHaveSockets() {
        noClasses()
                .that()
                .resideOutsideOfPackages(MAY_USE_CHANNELS)
                .should()
                .dependOnClassesThat(resideInAPackage("io.netty.channel.."))
                .check(CLASSES);
    }

    /** A bad packet is a counted drop; an assertion that a packet can reach would be a guest's way to stop its network. */
    @Test
    void nothingIsAsserted() {
        assertThat(CLASSES.stream()
                        .filter(c -> c.getFields().stream()
                                .anyMatch(field -> field.getName().equals("$assertionsDisabled")))
                        .map(JavaClass::getName))
                .isEmpty();
    }
}
