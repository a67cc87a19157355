using Recipes.Integration.Tests.Docker;
using Xunit;

namespace Recipes.Integration.Tests.Servers;

[Collection(nameof(DockerDaemon))]
public sealed class PythonImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "python-image")
{
    [Fact]
    public async Task It_makes_environments_of_their_own_with_pip() =>
        Assert.StartsWith(
            "pip 25.",
            await RunAsync([], "sh", "-c", "python3 -m venv /tmp/own && /tmp/own/bin/pip --version")
        );

    [Fact]
    public async Task It_is_the_program_of_a_mounted_script()
    {
        Folder.Write("app/main.py", "import sys, ssl, sqlite3\nprint(sys.argv[1:])\n");

        Assert.Equal(
            "['a b']\n",
            await RunAsync(
                ["-v", $"{Folder.Join("app")}:/app:ro", "--read-only", "--user", "1234:1234"],
                "python3",
                "/app/main.py",
                "a b"
            )
        );
    }
}

[Collection(nameof(DockerDaemon))]
public sealed class RubyImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "ruby-image")
{
    [Fact]
    public async Task It_installs_a_gem_that_is_there()
    {
        const string build = """
            mkdir -p /tmp/one/lib && cd /tmp/one && echo 'Answer = 42' > lib/one.rb
            echo 'Gem::Specification.new { |s| s.name = "one"; s.version = "1"; s.summary = "One"; s.authors = ["A"]; s.files = ["lib/one.rb"] }' > one.gemspec
            gem build --quiet one.gemspec >/dev/null 2>&1
            export GEM_HOME=/tmp/gems
            gem install --local --quiet one-1.gem >/dev/null
            ruby -e 'require "one"; puts Answer'
            """;

        Assert.Equal("42\n", await RunAsync([], "sh", "-ec", build));
    }
}

[Collection(nameof(DockerDaemon))]
public sealed class TclImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "tcl-image")
{
    [Fact]
    public async Task It_runs_a_mounted_script_without_a_shell()
    {
        Folder.Write("app/main.tcl", "puts [lmap x $argv {expr {$x * 2}}]\n");

        Assert.Equal(
            "2 4\n",
            await RunAsync(["-v", $"{Folder.Join("app")}:/app:ro"], "tclsh", "/app/main.tcl", "1", "2")
        );
    }
}

[Collection(nameof(DockerDaemon))]
public sealed class PhpImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "php-image")
{
    [Fact]
    public async Task Its_own_web_server_answers()
    {
        Folder.Write("www/index.php", "<?php echo json_encode(['sum' => array_sum([1, 2, 3])]);\n");
        await StartAsync(
            8000,
            ["-v", $"{Folder.Join("www")}:/www:ro", "--read-only"],
            "php",
            "-S",
            "0.0.0.0:8000",
            "-t",
            "/www"
        );
        using var http = new HttpClient();

        Assert.Equal(
            "{\"sum\":6}",
            await AnswerAsync(() => http.GetStringAsync(new Uri($"http://127.0.0.1:{Port}/"), Token))
        );
    }
}

[Collection(nameof(DockerDaemon))]
public sealed class PhpFpmImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "php-fpm-image")
{
    [Fact]
    public async Task Nginx_beside_it_answers_with_what_it_says()
    {
        Folder.Write(
            "www/index.php",
            "<?php error_log('asked'); echo $_SERVER['REQUEST_METHOD'], ' ', posix_getuid();\n"
        );
        Folder.Write(
            "conf.d/default.conf",
            """
            server {
                listen 80;
                root /var/www;
                index index.php;
                location ~ [.]php$ { include fastcgi_params; fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name; fastcgi_pass 127.0.0.1:9000; }
            }

            """
        );
        string[] pages = ["-v", $"{Folder.Join("www")}:/var/www:ro"];
        await StartAsync(80, pages);
        await StartNeighbourAsync("nginx-image", [.. pages, "-v", $"{Folder.Join("conf.d")}:/etc/nginx/conf.d:ro"]);
        using var http = new HttpClient();

        Assert.Equal(
            "GET 1000",
            await AnswerAsync(() => http.GetStringAsync(new Uri($"http://127.0.0.1:{Port}/"), Token))
        );
        Assert.Equal("0", await StopAsync());
        Assert.Contains("asked", await LogAsync());
    }
}
