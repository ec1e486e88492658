using VptDsl;
using VptDsl.Serving;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton(_ => Device.Auto());
builder.Services.AddVptDslTasks(
    services => Model.Load(
        services.GetRequiredService<Device>(), "hf:timm/vit_base_patch16_224.augreg2_in21k_ft_in1k"),
    options =>
    {
        builder.Configuration.GetSection("Tasks").Bind(options);
        Directory.CreateDirectory(options.TaskFolder);
    });

WebApplication app = builder.Build();
app.MapVptDslTasks();
app.MapVptDslHealth();
app.Run();

// The declaration of all tasks: files that SaveTask wrote of a model declared like this one.
[Vit(VitSize.Base, Patch = 16)]
#if (prompts == "deep")
[DeepPrompt(Tokens = 50)]
#elif (prompts == "shallow")
[ShallowPrompt(Tokens = 50)]
#endif
[LinearHead]
internal sealed partial class Model;
