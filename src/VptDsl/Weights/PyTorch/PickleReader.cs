namespace VptDsl.Weights.PyTorch;

/// <summary>Reads a Python pickle without running anything that it says.</summary>
/// <remarks>
/// A pickle is a program for a stack machine that can call any function of its reader's Python. Here names of functions are
/// mere names: <see cref="IPickleObjects"/> knows what a few of them would have built, and everything else becomes a
/// <see cref="PickleOpaque"/>. No type is looked up, no code is reachable from a file.
/// </remarks>
internal ref struct PickleReader
{
    // A checkpoint with its optimiser's state takes some 100,000; the limit bounds time and memory whatever the file says.
    private const int MaxInstructions = 1 << 20;

    private readonly IPickleObjects _objects;
    private readonly PickleStack _stack = new();
    private readonly Dictionary<long, object?> _memory = [];
    private PickleInput _input;

    private PickleReader(ReadOnlySpan<byte> bytes, IPickleObjects objects)
    {
        _input = new PickleInput(bytes);
        _objects = objects;
    }

    /// <summary>The object that a pickle describes; what follows the pickle is passed over.</summary>
    /// <exception cref="FormatException">It is damaged, or too long; the message, without a full stop, says what.</exception>
    public static object? Read(ReadOnlySpan<byte> bytes, IPickleObjects objects) => new PickleReader(bytes, objects).Run();

    private object? Run()
    {
        for (int i = 0; i < MaxInstructions; i++)
        {
            var opcode = (PickleOpcode)_input.Byte();
            if (opcode == PickleOpcode.Stop)
            {
                return _stack.Pop();
            }

            if (!PushesConstant(opcode) && !BuildsContainer(opcode) && !UsesMemory(opcode) && !BuildsObject(opcode))
            {
                throw new FormatException($"it has an instruction 0x{(byte)opcode:x2} that no checkpoint has");
            }
        }

        throw new FormatException($"it has more than {MaxInstructions} instructions");
    }

    private bool PushesConstant(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.None:
                _stack.Push(null);
                return true;
            case PickleOpcode.True or PickleOpcode.False:
                _stack.Push(opcode == PickleOpcode.True);
                return true;
            case PickleOpcode.UInt8:
                _stack.Push((long)_input.Byte());
                return true;
            case PickleOpcode.UInt16:
                _stack.Push((long)_input.UInt16());
                return true;
            case PickleOpcode.Int32:
                _stack.Push(_input.Int32());
                return true;
            case PickleOpcode.Integer or PickleOpcode.LongInteger:
                long length = opcode == PickleOpcode.Integer ? _input.Byte() : _input.Int32();
                _stack.Push((object?)_input.Integer(length) ?? new PickleOpaque("an integer of more than 64 bits"));
                return true;
            case PickleOpcode.Float:
                _stack.Push(_input.Double());
                return true;
            case PickleOpcode.Text:
                _stack.Push(_input.Text(_input.UInt32()));
                return true;
            case PickleOpcode.ShortText or PickleOpcode.ShortByteString:
                _stack.Push(_input.Text(_input.Byte()));
                return true;
            case PickleOpcode.LongText:
                _stack.Push(_input.Text(_input.Int64()));
                return true;
            case PickleOpcode.ByteString:
                _stack.Push(_input.Text(_input.Int32()));
                return true;
            case PickleOpcode.Bytes:
                SkipBytes(_input.UInt32());
                return true;
            case PickleOpcode.ShortBytes:
                SkipBytes(_input.Byte());
                return true;
            case PickleOpcode.LongBytes or PickleOpcode.ByteArray:
                SkipBytes(_input.Int64());
                return true;
            case PickleOpcode.Protocol:
                CheckProtocol(_input.Byte());
                return true;
            case PickleOpcode.Frame:
                _input.Int64();
                return true;
            default:
                return false;
        }
    }

    private readonly bool BuildsContainer(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.EmptyTuple:
                _stack.Push(new PickleTuple([]));
                return true;
            case PickleOpcode.Tuple:
                _stack.Push(new PickleTuple(_stack.PopToMark()));
                return true;
            case PickleOpcode.Tuple1 or PickleOpcode.Tuple2 or PickleOpcode.Tuple3:
                _stack.Push(new PickleTuple(_stack.Pop(opcode - PickleOpcode.Tuple1 + 1)));
                return true;
            case PickleOpcode.EmptyList:
                _stack.Push(new PickleList());
                return true;
            case PickleOpcode.List:
                object?[] items = _stack.PopToMark();
                _stack.Push(new PickleList());
                AddItems(items);
                return true;
            case PickleOpcode.Append:
                AddItems(_stack.Pop(1));
                return true;
            case PickleOpcode.Appends or PickleOpcode.AddItems:
                AddItems(_stack.PopToMark());
                return true;
            case PickleOpcode.EmptyDictionary:
                _stack.Push(new PickleDictionary());
                return true;
            case PickleOpcode.Dictionary:
                object?[] pairs = _stack.PopToMark();
                _stack.Push(new PickleDictionary());
                SetItems(pairs);
                return true;
            case PickleOpcode.SetItem:
                SetItems(_stack.Pop(2));
                return true;
            case PickleOpcode.SetItems:
                SetItems(_stack.PopToMark());
                return true;
            case PickleOpcode.EmptySet:
                _stack.Push(new PickleOpaque("a set"));
                return true;
            case PickleOpcode.FrozenSet:
                _stack.PopToMark();
                _stack.Push(new PickleOpaque("a set"));
                return true;
            default:
                return false;
        }
    }

    private bool UsesMemory(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Mark:
                _stack.Mark();
                return true;
            case PickleOpcode.Pop:
                _stack.PopItemOrMark();
                return true;
            case PickleOpcode.PopMark:
                _stack.PopToMark();
                return true;
            case PickleOpcode.Duplicate:
                _stack.Push(_stack.Peek());
                return true;
            case PickleOpcode.Memorize:
                _memory[_input.Byte()] = _stack.Peek();
                return true;
            case PickleOpcode.LongMemorize:
                _memory[_input.UInt32()] = _stack.Peek();
                return true;
            case PickleOpcode.MemorizeNext:
                _memory[_memory.Count] = _stack.Peek();
                return true;
            case PickleOpcode.Recall or PickleOpcode.LongRecall:
                long place = opcode == PickleOpcode.Recall ? _input.Byte() : _input.UInt32();
                _stack.Push(_memory.TryGetValue(place, out object? value)
                    ? value
                    : throw new FormatException($"it recalls a value {place} that it never memorized"));
                return true;
            default:
                return false;
        }
    }

    private bool BuildsObject(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Global:
                string module = _input.Line();
                _stack.Push(new PickleGlobal(module, _input.Line()));
                return true;
            case PickleOpcode.StackGlobal:
                _stack.Push(_stack.Pop(2) is [string owner, string name]
                    ? new PickleGlobal(owner, name)
                    : throw new FormatException("it names a class by something other than text"));
                return true;
            case PickleOpcode.Persistent:
                _stack.Push(_objects.FindPersistent(_stack.Pop()));
                return true;
            case PickleOpcode.Reduce:
                object?[] call = _stack.Pop(2);
                _stack.Push(call is [PickleGlobal function, PickleTuple arguments]
                    ? _objects.Build(function, arguments.Items)
                    : new PickleOpaque("the result of a call"));
                return true;
            case PickleOpcode.NewObject:
                _stack.Push(NewObject(_stack.Pop(2)[0]));
                return true;
            case PickleOpcode.NewObjectWithKeywords:
                _stack.Push(NewObject(_stack.Pop(3)[0]));
                return true;
            case PickleOpcode.SetState:
                // A dictionary's attributes, or what an object that is opaque anyway would hold.
                _stack.Pop();
                _stack.Peek();
                return true;
            default:
                return false;
        }
    }

    private static PickleOpaque NewObject(object? type) => new("an object", type as PickleGlobal);

    private void SkipBytes(long count)
    {
        _input.Take(count);
        _stack.Push(new PickleOpaque("bytes"));
    }

    private static void CheckProtocol(int protocol)
    {
        if (protocol is < 2 or > 5)
        {
            throw new FormatException($"it is of protocol {protocol}, not of 2 to 5");
        }
    }

    private readonly void AddItems(object?[] items)
    {
        switch (_stack.Peek())
        {
            case PickleList list:
                list.Items.AddRange(items);
                break;
            case PickleOpaque:
                break;
            default:
                throw new FormatException("it adds items to something that is no list");
        }
    }

    private readonly void SetItems(object?[] keysAndValues)
    {
        if (keysAndValues.Length % 2 != 0)
        {
            throw new FormatException("it has a key without a value");
        }

        switch (_stack.Peek())
        {
            case PickleDictionary dictionary:
                for (int i = 0; i < keysAndValues.Length; i += 2)
                {
                    dictionary.Set(keysAndValues[i], keysAndValues[i + 1]);
                }

                break;
            case PickleOpaque:
                break;
            default:
                throw new FormatException("it sets entries of something that is no dictionary");
        }
    }
}
