using Study;
using VptDsl;

namespace Vtab;

/// <summary>The backbone of the paper's Table 1. Room for 397 classes: no task of VTAB has more.</summary>
[Vit(VitSize.Base, Patch = 16, Image = 224)]
[LinearHead(Classes = 397)]
internal abstract partial class VitB16;

internal sealed partial class Linear : VitB16, IDeclared<Linear>;

[TrainEverything]
internal sealed partial class Full : VitB16, IDeclared<Full>;

[ShallowPrompt(Tokens = 1)]
internal sealed partial class Shallow1 : VitB16, IDeclared<Shallow1>;

[ShallowPrompt(Tokens = 5)]
internal sealed partial class Shallow5 : VitB16, IDeclared<Shallow5>;

[ShallowPrompt(Tokens = 10)]
internal sealed partial class Shallow10 : VitB16, IDeclared<Shallow10>;

[ShallowPrompt(Tokens = 50)]
internal sealed partial class Shallow50 : VitB16, IDeclared<Shallow50>;

[ShallowPrompt(Tokens = 100)]
internal sealed partial class Shallow100 : VitB16, IDeclared<Shallow100>;

[ShallowPrompt(Tokens = 200)]
internal sealed partial class Shallow200 : VitB16, IDeclared<Shallow200>;

[DeepPrompt(Tokens = 1, Dropout = 0.1)]
internal sealed partial class Deep1 : VitB16, IDeclared<Deep1>;

[DeepPrompt(Tokens = 5, Dropout = 0.1)]
internal sealed partial class Deep5 : VitB16, IDeclared<Deep5>;

[DeepPrompt(Tokens = 10, Dropout = 0.1)]
internal sealed partial class Deep10 : VitB16, IDeclared<Deep10>;

[DeepPrompt(Tokens = 50, Dropout = 0.1)]
internal sealed partial class Deep50 : VitB16, IDeclared<Deep50>;

[DeepPrompt(Tokens = 100, Dropout = 0.1)]
internal sealed partial class Deep100 : VitB16, IDeclared<Deep100>;

[DeepPrompt(Tokens = 200, Dropout = 0.1)]
internal sealed partial class Deep200 : VitB16, IDeclared<Deep200>;
