namespace VptDsl.Serving.Hosting;

/// <summary>Makes the model that tasks are loaded into.</summary>
internal sealed record TaskModelFactory(Func<IServiceProvider, Tuner> Create);
