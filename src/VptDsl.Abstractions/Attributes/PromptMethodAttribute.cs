namespace VptDsl;

/// <summary>
/// Marks the method that describes prompts of your own, in the class that is declared: what it does with a
/// <see cref="Prompts.PromptedLayer"/> becomes part of the model, in every layer.
/// </summary>
/// <remarks>
/// The method is <c>static</c>, returns nothing and takes one <see cref="Prompts.PromptedLayer"/>. The generator reads its body when the
/// class is compiled; it never runs. Statements can be calls of the layer's and of tokens' members, variables of type
/// <see cref="Prompts.Tokens"/>, <c>int</c>, <c>double</c> and <c>bool</c>, arithmetic and <c>if</c>. Anything else is an error where it
/// stands. A class has a prompt method or a prompt attribute, not both.
/// </remarks>
/// <example>
/// <code>
/// [Vit(VitSize.Base), LinearHead(Classes = 100)]
/// public sealed partial class KeyValueTuner
/// {
///     [PromptMethod]
///     internal static void Prompt(PromptedLayer layer)
///     {
///         Tokens keys = layer.Parameter("keys", rows: 5);
///         Tokens values = layer.Parameter("values", rows: 5);
///         layer.RunAttention(keys, values);
///     }
/// }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class PromptMethodAttribute : Attribute;
