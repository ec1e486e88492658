namespace TaskServer;

/// <summary>Where the backbone and the images are.</summary>
internal sealed record Backbone(string Folder)
{
    /// <summary>The weights, which samples/Pretrain made.</summary>
    public string File => Path.Combine(Folder, "character-vit.safetensors");
}
