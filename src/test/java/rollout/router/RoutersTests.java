package rollout.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static rollout.router.Case.NONE;
import static rollout.router.Case.landscape;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import rollout.document.Doc;
import rollout.model.Kind;

/** Which objects are steered, and why not. */
class RoutersTests {
  private static Doc named(Case of, String name) {
    return of.plain().with(name, "metadata", "name");
  }

  private static Landscape with(Landscape landscape, Kind kind, Doc... objects) {
    Map<Kind, List<Doc>> more = new LinkedHashMap<>(landscape.objects());
    more.put(kind, List.of(objects));
    return new Landscape(landscape.namespace(), landscape.service(), more);
  }

  private static Choice.Steered steered(Choice choice) {
    assertThat(choice).isInstanceOf(Choice.Steered.class);
    return (Choice.Steered) choice;
  }

  private static String refused(Choice choice) {
    assertThat(choice).isInstanceOf(Choice.Refused.class);
    return String.join(
        "\n", ((Choice.Refused) choice).problems().stream().map(Object::toString).toList());
  }

  @ParameterizedTest
  @MethodSource("rollout.router.Case#all")
  void autoTakesTheOnlyObjectThatNamesTheService(Case of) {
    Choice.Steered found = steered(Routers.choose("auto", List.of(), landscape(of, of.plain())));
    assertThat(found.router().word()).isEqualTo(of.router());
    assertThat(found.routes())
        .singleElement()
        .satisfies(one -> assertThat(one.kind()).isEqualTo(of.kind()));
    assertThat(steered(Routers.choose(of.router(), List.of(), landscape(of, of.plain()))))
        .isEqualTo(found);
  }

  @Test
  void autoWithNothingFoundSaysSo() {
    assertThat(Routers.choose("auto", List.of(), landscape(Case.HTTP)))
        .isEqualTo(new Choice.None(List.of()));
    Landscape none = new Landscape("prod", "shop", Map.of());
    assertThat(Routers.choose("auto", List.of(), none)).isEqualTo(new Choice.None(List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "gateway-api, HTTPRoute or GRPCRoute",
    "istio, VirtualService",
    "traefik, TraefikService or IngressRoute",
    "ingress-nginx, Ingress"
  })
  void routerThatIsAskedForButNotThereIsRefused(String word, String kinds) {
    Landscape none = new Landscape("prod", "shop", Map.of());
    assertThat(refused(Routers.choose(word, List.of(), none)))
        .isEqualTo(
            "router "
                + word
                + " is not installed: the cluster does not know "
                + kinds
                + ".  Install it, or say --router auto.");
    assertThat(refused(Routers.choose(word, List.of(), landscape(Case.HTTP))))
        .isEqualTo(
            "no "
                + kinds
                + " sends to Service shop.  Add the Service to the one that its requests"
                + " come through, or say --router replicas.");
  }

  @Test
  void wordThatIsNoRouterIsRefused() {
    assertThat(refused(Routers.choose("isto", List.of(), landscape(Case.HTTP))))
        .isEqualTo("there is no router isto.  Did you mean istio?");
  }

  @Test
  void twoObjectsThatCouldBeMeantAreListed() {
    Landscape two = landscape(Case.HTTP, named(Case.HTTP, "web"), named(Case.HTTP, "admin"));
    assertThat(refused(Routers.choose("auto", List.of(), two)))
        .isEqualTo(
            "Service shop is behind HTTPRoute web and HTTPRoute admin: it is not clear which of"
                + " them its requests come through.  Say which: --route-name HTTPRoute/web; of one"
                + " router also several.");
    Choice.Steered one = steered(Routers.choose("auto", List.of("admin"), two));
    assertThat(one.routes()).extracting(Route::name).containsExactly("admin");
    assertThat(one.warnings())
        .contains("HTTPRoute web sends to the Service too; its requests are not divided");
    Choice.Steered both = steered(Routers.choose("gateway-api", List.of("web", "admin"), two));
    assertThat(both.routes()).extracting(Route::name).containsExactly("web", "admin");
    assertThat(both.warnings()).noneMatch(text -> text.contains("not divided"));
  }

  @Test
  void nameThatNothingHasIsRefused() {
    Landscape one = landscape(Case.HTTP, named(Case.HTTP, "website"));
    assertThat(refused(Routers.choose("auto", List.of("webside"), one)))
        .isEqualTo("no object webside sends to Service shop.  Did you mean website?");
    assertThat(refused(Routers.choose("auto", List.of("x"), landscape(Case.HTTP))))
        .startsWith("no object of a router sends to Service shop");
  }

  @Test
  void nameOfTwoKindsIsSaidWithItsKind() {
    Landscape two =
        with(landscape(Case.HTTP, Case.HTTP.plain()), RouteKinds.GRPC_ROUTE, Case.GRPC.plain());
    assertThat(refused(Routers.choose("auto", List.of("web"), two)))
        .isEqualTo(
            "--route-name web could be HTTPRoute web and GRPCRoute web.  Say it with its kind:"
                + " --route-name HTTPRoute/web.");
    assertThat(steered(Routers.choose("auto", List.of("grpcroute/web"), two)).routes())
        .extracting(Route::kind)
        .containsExactly(RouteKinds.GRPC_ROUTE);
  }

  @Test
  void objectsOfTwoRoutersAreNotSteeredTogether() {
    Landscape two =
        with(
            landscape(Case.HTTP, Case.HTTP.plain()),
            RouteKinds.VIRTUAL_SERVICE,
            named(Case.VIRTUAL_SERVICE, "mesh"));
    assertThat(refused(Routers.choose("auto", List.of(), two)))
        .startsWith("Service shop is behind HTTPRoute web and VirtualService mesh");
    assertThat(refused(Routers.choose("auto", List.of("web", "mesh"), two)))
        .isEqualTo(
            "HTTPRoute web and VirtualService mesh are of different routers.  Name objects of one"
                + " router.");
    Choice.Steered mesh = steered(Routers.choose("istio", List.of(), two));
    assertThat(mesh.routes()).extracting(Route::name).containsExactly("mesh");
    assertThat(mesh.warnings())
        .containsExactly("HTTPRoute web sends to the Service too; its requests are not divided");
  }

  @Test
  void whatSpeaksAgainstAnObjectIsSaidWhole() {
    Doc twice =
        Case.HTTP.object(
            List.of(Case.HTTP.weighing("shop", NONE), Case.HTTP.weighing("shop", NONE)));
    Doc owned = twice.with(List.of(Doc.of("manager", "flagger")), "metadata", "managedFields");
    assertThat(refused(Routers.choose("auto", List.of(), landscape(Case.HTTP, owned))).lines())
        .containsExactly(
            "HTTPRoute web: rule 0 lists Service shop twice.  List it once, with one weight.",
            "HTTPRoute web has been written by Flagger (flagger).  Release it with that, or make"
                + " the object anew without it.");
  }

  @Test
  void readsEachKindOnce() {
    assertThat(Routers.kinds()).extracting(Kind::plural).doesNotHaveDuplicates().hasSize(11);
    assertThat(Routers.words()).containsExactly("gateway-api", "istio", "traefik", "ingress-nginx");
    assertThat(Routers.words()).allSatisfy(word -> assertThat(Routers.of(word)).isPresent());
  }

  private static Doc elsewhere(Case of, String backend, String... namespace) {
    Doc ours = of.weighing(backend, 1);
    Doc named = namespace.length == 0 ? ours : ours.with(namespace[0], "namespace");
    return of.object(List.of(named)).with("infra", "metadata", "namespace");
  }

  private static Landscape granting(Landscape landscape) {
    Doc grant =
        Doc.of(
            "metadata",
            Doc.of("name", "routes", "namespace", "prod"),
            "spec",
            Doc.of(
                "from",
                List.of(
                    Doc.of(
                        "group",
                        "gateway.networking.k8s.io",
                        "kind",
                        "HTTPRoute",
                        "namespace",
                        "infra")),
                "to",
                List.of(Doc.of("group", "", "kind", "Service"))));
    return with(landscape, RouteKinds.REFERENCE_GRANT, grant);
  }

  @ParameterizedTest
  @CsvSource({"infra/web", "HTTPRoute/infra/web", "httproute/infra/web"})
  void objectOfAnotherNamespaceIsSteeredWhenItIsNamed(String name) {
    Landscape landscape = granting(landscape(Case.HTTP, elsewhere(Case.HTTP, "shop", "prod")));
    Choice.Steered found = steered(Routers.choose("auto", List.of(name), landscape));
    assertThat(found.routes())
        .extracting(Route::namespace, Route::name)
        .containsExactly(tuple("infra", "web"));
  }

  @Test
  void objectOfAnotherNamespaceThatNobodyNamesIsLeftAloneAndSaid() {
    Doc far = elsewhere(Case.HTTP, "shop", "prod");
    String says =
        "HTTPRoute infra/web names the Service too, from another namespace; what comes through it"
            + " is not divided, unless it is named: --route-name HTTPRoute/infra/web";
    assertThat(Routers.choose("auto", List.of(), granting(landscape(Case.HTTP, far))))
        .isEqualTo(new Choice.None(List.of(says)));
    Landscape both = granting(landscape(Case.HTTP, named(Case.HTTP, "entry"), far));
    Choice.Steered found = steered(Routers.choose("auto", List.of(), both));
    assertThat(found.routes()).extracting(Route::name).containsExactly("entry");
    assertThat(found.warnings()).contains(says);
    assertThat(
            refused(Routers.choose("gateway-api", List.of(), granting(landscape(Case.HTTP, far)))))
        .isEqualTo(
            "no HTTPRoute or GRPCRoute sends to Service shop.  HTTPRoute infra/web of another"
                + " namespace does: --route-name HTTPRoute/infra/web");
  }

  @Test
  void objectOfAnotherNamespaceThatSendsToAServiceOfItsOwnIsNotMeant() {
    Landscape landscape = granting(landscape(Case.HTTP, elsewhere(Case.HTTP, "shop")));
    assertThat(Routers.choose("auto", List.of(), landscape)).isEqualTo(new Choice.None(List.of()));
  }

  @Test
  void objectOfAnotherNamespaceNeedsAGrantThatCanBeSeen() {
    Landscape landscape = landscape(Case.HTTP, elsewhere(Case.HTTP, "shop", "prod"));
    assertThat(refused(Routers.choose("auto", List.of("infra/web"), landscape)))
        .startsWith("no ReferenceGrant in namespace prod lets HTTPRoute web of namespace infra");
    Map<Kind, List<Doc>> blind = new LinkedHashMap<>(landscape.objects());
    blind.remove(RouteKinds.REFERENCE_GRANT);
    assertThat(
            refused(
                Routers.choose("auto", List.of("infra/web"), new Landscape("prod", "shop", blind))))
        .startsWith("nobody could look whether a ReferenceGrant lets HTTPRoute web of namespace")
        .contains("Grant list on referencegrants");
  }

  @Test
  void virtualServiceOfAnotherNamespaceNamesTheServiceByItsWholeHost() {
    Doc far = elsewhere(Case.VIRTUAL_SERVICE, "shop.prod.svc.cluster.local");
    Landscape landscape = landscape(Case.VIRTUAL_SERVICE, far);
    Route route =
        steered(Routers.choose("istio", List.of("infra/web"), landscape))
            .routes()
            .getFirst()
            .to("shop-r7");
    assertThat(Case.VIRTUAL_SERVICE.made().attach(far, route).toString())
        .contains("shop-r7.prod.svc.cluster.local");
  }

  @ParameterizedTest
  @CsvSource({"IngressRoute", "TraefikService"})
  void objectOfTraefikInAnotherNamespaceIsRefused(String kind) {
    Case of =
        Case.listing().filter(one -> one.kind().kind().equals(kind)).findFirst().orElseThrow();
    Landscape landscape = landscape(of, elsewhere(of, "shop", "prod"));
    assertThat(refused(Routers.choose("auto", List.of("infra/web"), landscape)))
        .contains(kind + " web is of namespace infra")
        .contains("allowCrossNamespace");
  }

  @Test
  void namesOfTwoNamespacesAreNotTakenForOne() {
    Landscape two =
        granting(
            landscape(Case.HTTP, named(Case.HTTP, "web"), elsewhere(Case.HTTP, "shop", "prod")));
    assertThat(steered(Routers.choose("auto", List.of("web", "infra/web"), two)).routes())
        .extracting(Route::toString)
        .containsExactly("HTTPRoute web", "HTTPRoute infra/web");
    assertThat(steered(Routers.choose("auto", List.of("prod/web"), two)).routes())
        .extracting(Route::namespace)
        .containsExactly("prod");
  }

  @Test
  void namesSayNamespaces() {
    assertThat(Routers.namespaces(List.of("web", "HTTPRoute/web", "infra/web", "Ingress/edge/web")))
        .containsExactly("infra", "edge");
  }
}
