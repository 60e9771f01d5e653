using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using k8s;
using k8s.Models;
using Oms.AppHost.Local;

namespace Oms.AppHost.Tests;

/// <summary>What Helm makes of the chart is what <c>AppHost.cs</c> describes. Helm is not needed to run these: what it made is kept beside the chart.</summary>
public sealed class ChartTests
{
    private const string Release = "oms";
    private const string Write = "OMS_WRITE_DOCS";

    private static readonly string Folder = Path.Combine(DataFolder.RepositoryRoot(), "deploy", "helm");
    private static readonly string ManifestsFile = Path.Combine(Folder, "manifests.yaml");
    private static readonly IReadOnlyList<ProjectResource> Projects = [.. AppHostModel.Load().OfType<ProjectResource>()];
    private static readonly List<object> Manifests = Read(File.ReadAllText(ManifestsFile));

    private static string Header => $"# helm template {Release} deploy/helm/oms --set ingress.host=oms.example.com; the chart's SHA-256 is {HashOfTheChart()}\n";

    /// <summary>Where Helm is, it is asked. Elsewhere the manifests still belong to this chart and to no other.</summary>
    [Fact]
    public void the_manifests_are_what_helm_makes_of_the_chart()
    {
        if (Shell.Exists("helm"))
        {
            var made = Shell.Run("helm", "template", Release, Path.Combine(Folder, "oms"), "--set", "ingress.host=oms.example.com");
            made.ExitCode.ShouldBe(0, made.Errors);
            if (Environment.GetEnvironmentVariable(Write) == "1")
                File.WriteAllText(ManifestsFile, Header + made.Output);
            File.ReadAllText(ManifestsFile).ShouldBe(Header + made.Output, Stale);
        }

        File.ReadLines(ManifestsFile).First().ShouldBe(Header.TrimEnd(), Stale);
    }

    [Fact]
    public void a_field_that_kubernetes_does_not_know_is_noticed() =>
        Should.Throw<YamlDotNet.Core.YamlException>(() => Read("apiVersion: v1\nkind: ServiceAccount\nautomountServiceToken: false\n"));

    [Fact]
    public void every_project_is_a_program_that_has_its_database_brought_up_to_date_before_it()
    {
        Names<V1Deployment>().ShouldBe(Projects.Select(Name), ignoreOrder: true);
        Names<V1Service>().ShouldBe(Projects.Select(Name), ignoreOrder: true);
        Names<V1PodDisruptionBudget>().ShouldBe(Projects.Select(Name), ignoreOrder: true);
        Names<V1Job>().ShouldBe(Projects.Select(it => $"{Name(it)}-db"), ignoreOrder: true);
        foreach (var project in Projects)
        {
            var job = The<V1Job>($"{Name(project)}-db");
            job.Metadata.Annotations["helm.sh/hook"].ShouldBe("pre-install,pre-upgrade");
            var (step, program) = (job.Spec.Template.Spec.Containers.Single(), Container(project));
            step.Args.ShouldBe(["db-apply"]);
            step.Image.ShouldBe(program.Image);
            Settings(step).ShouldBe(Settings(program));
            Secrets(job.Spec.Template).ShouldBe(Secrets(Pod(project)));
        }
    }

    [Fact]
    public void each_knows_what_it_is_connected_to_and_nothing_else()
    {
        foreach (var project in Projects)
        {
            Secrets(Pod(project)).ShouldBe(
                project.Connections.Select(it => $"ConnectionStrings__{it.ConnectionName}").Concat(project.Environment.Select(it => it.Name)), ignoreOrder: true, project.Name);
            var settings = Settings(Container(project));
            settings["OMS_SECRETS"].ShouldBe(Container(project).VolumeMounts.Single(it => it.Name == "secrets").MountPath);
            settings.ShouldBe(
                project.Services.ToDictionary(it => $"services__{it.Name}__http__0", it => $"http://{Release}-{it.Name}:8080")
                    .Append(new("OMS_SECRETS", settings["OMS_SECRETS"])).Append(new("OTEL_SERVICE_NAME", project.Name)),
                ignoreOrder: true, project.Name);
        }
    }

    [Fact]
    public void each_is_asked_how_it_is_where_it_answers_and_runs_as_often_as_it_should()
    {
        foreach (var project in Projects)
        {
            The<V1Deployment>(Name(project)).Spec.Replicas.ShouldBe(project.Replicas);
            var container = Container(project);
            container.Ports.Single().ContainerPort.ShouldBe(8080);
            container.ReadinessProbe.HttpGet.Path.ShouldBe(project.HealthPath);
            container.LivenessProbe.HttpGet.Path.ShouldBe("/alive");
            container.StartupProbe.HttpGet.Path.ShouldBe("/alive");
        }
    }

    [Fact]
    public void only_the_gateway_is_reached_from_outside_and_a_service_from_those_that_reference_it()
    {
        Names<V1NetworkPolicy>().ShouldBe(Projects.Select(Name), ignoreOrder: true);
        foreach (var project in Projects)
        {
            var policy = The<V1NetworkPolicy>(Name(project)).Spec;
            policy.PodSelector.MatchLabels.ShouldBeSubsetOf(Pod(project).Metadata.Labels);
            policy.PolicyTypes.ShouldBe(["Ingress"]);
            // A rule that names nobody lets everybody in.
            policy.Ingress.Any(it => it.FromProperty is null).ShouldBe(project.IsExternal, project.Name);
            var callers = policy.Ingress.SelectMany(it => it.FromProperty ?? []).Select(it => it.PodSelector.MatchLabels).ToList();
            Projects.Where(it => callers.Exists(labels => Selects(labels, Pod(it)))).ShouldBe(Projects.Where(it => it.Services.Contains(project)), project.Name);
        }

        Manifests.OfType<V1Ingress>().SelectMany(it => it.Spec.Rules).SelectMany(it => it.Http.Paths).Select(it => it.Backend.Service.Name)
            .ShouldBe(Projects.Where(it => it.IsExternal).Select(Name));
    }

    [Fact]
    public void requests_reach_the_program_and_not_the_step_before_it()
    {
        foreach (var project in Projects)
        {
            var selected = The<V1Service>(Name(project)).Spec.Selector;
            Projects.Where(it => Selects(selected, Pod(it))).ShouldBe([project]);
            Manifests.OfType<V1Job>().Where(it => Selects(selected, it.Spec.Template)).ShouldBeEmpty();
            The<V1Deployment>(Name(project)).Spec.Selector.MatchLabels.ShouldBe(selected);
            The<V1PodDisruptionBudget>(Name(project)).Spec.Selector.MatchLabels.ShouldBe(selected);
        }
    }

    [Fact]
    public void a_new_one_serves_before_an_old_one_stops_and_that_one_may_finish()
    {
        foreach (var deployment in Manifests.OfType<V1Deployment>())
        {
            deployment.Spec.Strategy.RollingUpdate.MaxUnavailable.Value.ShouldBe("0");
            deployment.Spec.Strategy.RollingUpdate.MaxSurge.Value.ShouldBe("1");
            var pod = deployment.Spec.Template.Spec;
            var asked = TimeSpan.FromSeconds(pod.Containers.Single().Lifecycle.PreStop.Sleep.Seconds);
            TimeSpan.FromSeconds(pod.TerminationGracePeriodSeconds!.Value).ShouldBeGreaterThan(asked + TimeSpan.FromSeconds(8), "Service.cs: ShutdownTimeout");
        }
    }

    [Fact]
    public void nothing_runs_as_root_writes_to_its_disk_or_may_ask_the_cluster()
    {
        foreach (var pod in Manifests.OfType<V1Deployment>().Select(it => it.Spec.Template.Spec).Concat(Manifests.OfType<V1Job>().Select(it => it.Spec.Template.Spec)))
        {
            pod.AutomountServiceAccountToken.ShouldBe(false);
            pod.SecurityContext.RunAsNonRoot.ShouldBe(true);
            var container = pod.Containers.ShouldHaveSingleItem();
            container.SecurityContext.ReadOnlyRootFilesystem.ShouldBe(true);
            container.SecurityContext.AllowPrivilegeEscalation.ShouldBe(false);
            container.SecurityContext.Capabilities.Drop.ShouldBe(["ALL"]);
            container.Resources.Limits.Keys.ShouldContain("memory");
        }

        Manifests.OfType<V1Secret>().ShouldBeEmpty("The chart refers to a Secret and holds none.");
    }

    private static string Stale => $"The chart has changed: where Helm is installed, run these tests once with {Write}=1 and commit {ManifestsFile}.";

    private static string HashOfTheChart()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Folder, "oms"), "*", SearchOption.AllDirectories)
            .Select(it => (Name: Path.GetRelativePath(Folder, it).Replace('\\', '/'), Text: File.ReadAllText(it).ReplaceLineEndings("\n")))
            .OrderBy(it => it.Name, StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(files.Select(it => $"{it.Name}\n{it.Text}\0")))));
    }

    /// <summary>Throws at a field or a type that Kubernetes does not know.</summary>
    private static List<object> Read(string manifests) => KubernetesYaml.LoadAllFromString(manifests, typeMap: null, strict: true);

    private static string Name(ProjectResource project) => $"{Release}-{project.Name}";

    private static IEnumerable<string> Names<T>() where T : IKubernetesObject<V1ObjectMeta> => Manifests.OfType<T>().Select(it => it.Metadata.Name);

    private static T The<T>(string name) where T : IKubernetesObject<V1ObjectMeta> => Manifests.OfType<T>().Single(it => it.Metadata.Name == name);

    private static V1PodTemplateSpec Pod(ProjectResource project) => The<V1Deployment>(Name(project)).Spec.Template;

    private static V1Container Container(ProjectResource project) => Pod(project).Spec.Containers.Single();

    private static Dictionary<string, string> Settings(V1Container container) => container.Env.ToDictionary(it => it.Name, it => it.Value);

    private static List<string> Secrets(V1PodTemplateSpec pod) => [.. pod.Spec.Volumes.Single(it => it.Name == "secrets").Secret.Items.Select(it => it.Path)];

    private static bool Selects(IDictionary<string, string> selector, V1PodTemplateSpec pod) => selector.All(pod.Metadata.Labels.Contains);
}
