using Microsoft.Extensions.Configuration;

namespace VptDsl.Serving.Tests;

/// <summary>Protects who configures a server from options that are passed over without a word.</summary>
public sealed class ConfigurationTests
{
    /// <summary>What binds is generated here, as in applications that are trimmed or compiled ahead of time.</summary>
    [Fact]
    public void Every_option_is_taken_from_configuration()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Tasks:TaskFolder"] = "tasks",
            ["Tasks:PollInterval"] = "00:00:05",
            ["Tasks:Batching:MaxBatch"] = "3",
            ["Tasks:Batching:BatchDelay"] = "00:00:00.004",
            ["Tasks:Batching:MaxWaiting"] = "5",
            ["Tasks:Batching:TaskMemoryBytes"] = "6",
            ["Tasks:MaxImageBytes"] = "7",
            ["Tasks:MaxImagePixels"] = "8",
            ["Tasks:MaxTasksPerRequest"] = "9",
            ["Tasks:MaxConcurrentRequests"] = "10",
            ["Tasks:ApiKeys:0:Name"] = "shop",
            ["Tasks:ApiKeys:0:Sha256"] = "2c26",
            ["Tasks:ApiKeys:0:Tasks:0"] = "flowers",
            ["Tasks:RateLimit:Images"] = "11",
            ["Tasks:RateLimit:Burst"] = "12",
            ["Tasks:TaskRateLimits:flowers:Period"] = "00:00:13",
        }).Build();
        var options = new TaskServingOptions();
        configuration.GetSection("Tasks").Bind(options);

        Assert.Equal(("tasks", TimeSpan.FromSeconds(5)), (options.TaskFolder, options.PollInterval));
        Assert.Equal(
            new() { MaxBatch = 3, BatchDelay = TimeSpan.FromMilliseconds(4), MaxWaiting = 5, TaskMemoryBytes = 6 }, options.Batching);
        Assert.Equal(
            (7, 8, 9, 10),
            (options.MaxImageBytes, options.MaxImagePixels, options.MaxTasksPerRequest, options.MaxConcurrentRequests));
        ApiKey key = Assert.Single(options.ApiKeys);
        Assert.Equal(("shop", "2c26", "flowers"), (key.Name, key.Sha256, Assert.Single(key.Tasks)));
        Assert.Equal((11, 12), (options.RateLimit?.Images, options.RateLimit?.Burst));
        Assert.Equal(TimeSpan.FromSeconds(13), options.TaskRateLimits["flowers"].Period);
    }
}
