using System.Numerics;

namespace VptDsl.Testing.Ptx;

/// <summary>32 threads in step. Where they part, those that are behind go first, so that they meet again where their ways do.</summary>
internal sealed class PtxWarp
{
    private const int Lanes = 32;

    private readonly PtxProgram _program;
    private readonly PtxGroup _group;
    private readonly ulong[] _registers;
    private readonly int[] _next = new int[Lanes];
    private readonly Queue<List<(ulong To, uint Value)>>[] _copies = new Queue<List<(ulong, uint)>>[Lanes];
    private readonly List<(ulong To, uint Value)>[] _begun = new List<(ulong, uint)>[Lanes];
    private readonly int _first;

    /// <param name="group">The group that it belongs to.</param>
    /// <param name="first">The number of its first thread.</param>
    public PtxWarp(PtxGroup group, int first)
    {
        (_program, _group, _first) = (group.Program, group, first);
        _registers = new ulong[_program.Registers * Lanes];
        for (int lane = 0; lane < Lanes; lane++)
        {
            _copies[lane] = new();
            _begun[lane] = [];
        }
    }

    public bool IsDone { get; private set; }

    /// <summary>Runs to the next barrier, or to the end.</summary>
    public void Run()
    {
        while (true)
        {
            int at = _next.Min();
            PtxInstruction instruction = _program.Instructions[at];
            uint active = 0;
            for (int lane = 0; lane < Lanes; lane++)
            {
                if (_next[lane] == at)
                    active |= 1u << lane;
            }

            bool isTogether = instruction.Operation is PtxOperation.Barrier or PtxOperation.LoadMatrices or PtxOperation.MultiplyMatrices
                or PtxOperation.Shuffle or PtxOperation.Return;
            if (isTogether && (active != uint.MaxValue || instruction.Condition >= 0))
                throw new PtxFaultException($"'{instruction.Text}' is reached by some lanes of a warp alone.");
            for (int lane = 0; lane < Lanes; lane++)
                _next[lane] += (int)(active >> lane & 1);
            if (instruction.Operation == PtxOperation.Return)
            {
                IsDone = true;
                if (_copies.Any(groups => groups.Any(g => g.Count > 0)) || _begun.Any(copies => copies.Count > 0))
                    throw new PtxFaultException("The program ends while copies are under way.");
                return;
            }

            if (instruction.Operation == PtxOperation.Barrier)
                return;
            try
            {
                Execute(instruction, Where(instruction, active));
            }
            catch (PtxFaultException e)
            {
                throw new PtxFaultException($"'{instruction.Text}': {e.Message}", e);
            }
        }
    }

    private uint Where(PtxInstruction instruction, uint active)
    {
        if (instruction.Condition < 0)
            return active;
        uint holds = 0;
        for (int lane = 0; lane < Lanes; lane++)
        {
            bool isTrue = (_registers[(instruction.Condition * Lanes) + lane] & 1) != 0;
            holds |= isTrue != instruction.IsNegated ? 1u << lane : 0;
        }

        return active & holds;
    }

    private void Execute(PtxInstruction instruction, uint lanes)
    {
        switch (instruction.Operation)
        {
            case PtxOperation.Arithmetic:
                Compute(instruction, lanes);
                break;
            case PtxOperation.LoadParameter:
                ForEach(lanes, lane => Set(instruction.Operands[0], lane, _group.Arguments[(int)instruction.Operands[1].Number]));
                break;
            case PtxOperation.Load:
            case PtxOperation.Store:
                Move(instruction, lanes);
                break;
            case PtxOperation.Copy:
                Copy(instruction, lanes);
                break;
            case PtxOperation.CommitCopies:
                ForEach(lanes, lane =>
                {
                    _copies[lane].Enqueue(_begun[lane]);
                    _begun[lane] = [];
                });
                break;
            case PtxOperation.WaitForCopies:
                ForEach(lanes, lane => Wait(lane, left: (int)instruction.Operands[0].Number));
                break;
            case PtxOperation.LoadMatrices:
                LoadMatrices(instruction);
                break;
            case PtxOperation.MultiplyMatrices:
                PtxMatrices.Multiply(instruction, _registers);
                break;
            case PtxOperation.Shuffle:
                Shuffle(instruction);
                break;
            case PtxOperation.Branch:
                ForEach(lanes, lane => _next[lane] = instruction.Target);
                break;
            default:
                throw new PtxFaultException("This is not known.");
        }
    }

    private void Compute(PtxInstruction instruction, uint lanes)
    {
        IReadOnlyList<PtxOperand> operands = instruction.Operands;
        Func<ulong, ulong, ulong, ulong> compute = instruction.Compute!;
        int result = operands[0].Registers[0] * Lanes;
        for (int lane = 0; lane < Lanes; lane++)
        {
            if ((lanes >> lane & 1) == 0)
                continue;
            ulong a = Get(operands[1], lane), b = operands.Count > 2 ? Get(operands[2], lane) : 0;
            _registers[result + lane] = compute(a, b, operands.Count > 3 ? Get(operands[3], lane) : 0);
        }
    }

    private void Move(PtxInstruction instruction, uint lanes)
    {
        bool isLoad = instruction.Operation == PtxOperation.Load, isShared = instruction.Name.Contains(".shared", StringComparison.Ordinal);
        PtxOperand place = instruction.Operands[isLoad ? 1 : 0], registers = instruction.Operands[isLoad ? 0 : 1];
        if (registers.Registers.Length != instruction.Width)
            throw new PtxFaultException("There are more or fewer registers than it moves.");
        ulong?[] addresses = new ulong?[Lanes];
        ForEach(lanes, lane =>
        {
            ulong address = AddressOf(place, lane, 4 * instruction.Width, isShared);
            addresses[lane] = address;
            for (int i = 0; i < instruction.Width; i++)
            {
                ulong word = address + (ulong)(4 * i);
                int register = (registers.Registers[i] * Lanes) + lane;
                if (isLoad)
                    _registers[register] = isShared ? _group.Shared.Read(word, _first + lane) : _group.Global.Read(word, Thread(lane));
                else if (isShared)
                    _group.Shared.Write(word, (uint)_registers[register], _first + lane);
                else
                    _group.Global.Write(word, (uint)_registers[register], Thread(lane));
            }
        });
        if (isShared)
            _group.Shared.Count(addresses, instruction.Width);
    }

    private void Copy(PtxInstruction instruction, uint lanes)
    {
        int bytes = (int)instruction.Operands[2].Number;
        if (bytes != 16 && (bytes is not (4 or 8) || !instruction.Name.Contains(".ca", StringComparison.Ordinal)))
            throw new PtxFaultException($"It cannot copy {bytes} bytes.");
        ulong?[] addresses = new ulong?[Lanes];
        ForEach(lanes, lane =>
        {
            ulong to = AddressOf(instruction.Operands[0], lane, bytes, isShared: true);
            ulong there = instruction.Operands.Count > 3 ? Get(instruction.Operands[3], lane) : (ulong)bytes;
            if (there > (ulong)bytes)
                throw new PtxFaultException($"It cannot copy {there} of {bytes} bytes.");
            ulong from = AddressOf(instruction.Operands[1], lane, there == 0 ? 1 : bytes, isShared: false);
            addresses[lane] = to;
            for (ulong i = 0; i < (ulong)bytes; i += 4)
            {
                _group.Shared.Begin(to + i, _first + lane);
                _begun[lane].Add((to + i, i < there ? _group.Global.Read(from + i, Thread(lane)) : 0));
            }
        });
        _group.Shared.Count(addresses, bytes / 4);
    }

    private void Wait(int lane, int left)
    {
        while (_copies[lane].Count > left)
        {
            foreach ((ulong to, uint value) in _copies[lane].Dequeue())
                _group.Shared.End(to, value, _first + lane);
        }
    }

    /// <summary>
    /// Four matrices of eight rows of 16 bytes: lane 8·m + r says where row r of matrix m is; lane 4·r + c gets word c of row r.
    /// </summary>
    private void LoadMatrices(PtxInstruction instruction)
    {
        PtxOperand registers = instruction.Operands[0], place = instruction.Operands[1];
        for (int matrix = 0; matrix < 4; matrix++)
        {
            ulong[] rows = [.. Enumerable.Range(8 * matrix, 8).Select(lane => AddressOf(place, lane, 16, isShared: true))];
            _group.Shared.Count([.. rows.Select(row => (ulong?)row)], 4);
            for (int lane = 0; lane < Lanes; lane++)
            {
                _registers[(registers.Registers[matrix] * Lanes) + lane] =
                    _group.Shared.Read(rows[lane / 4] + (ulong)(lane % 4 * 4), _first + lane);
            }
        }
    }

    /// <summary>Each lane gets the register of the lane whose number differs in some bits.</summary>
    private void Shuffle(PtxInstruction instruction)
    {
        if (instruction.Operands[3].Number != Lanes - 1 || instruction.Operands[4].Number != uint.MaxValue)
            throw new PtxFaultException("It is known for all lanes of a warp alone.");
        ulong[] values = [.. Enumerable.Range(0, Lanes).Select(lane => Get(instruction.Operands[1], lane))];
        for (int lane = 0; lane < Lanes; lane++)
            Set(instruction.Operands[0], lane, values[lane ^ (int)Get(instruction.Operands[2], lane)]);
    }

    private ulong AddressOf(PtxOperand place, int lane, int bytes, bool isShared)
    {
        ulong address = unchecked(_registers[(place.Registers[0] * Lanes) + lane] + place.Number);
        if (isShared)
            address = (uint)address;
        return address % (ulong)bytes == 0
            ? address
            : throw new PtxFaultException($"Lane {lane} moves {bytes} bytes at {address:x}, which is no multiple of them.");
    }

    private int Thread(int lane) => (_group.Number * _group.Threads) + _first + lane;

    private ulong Get(PtxOperand operand, int lane) => operand.IsRegister ? _registers[(operand.Registers[0] * Lanes) + lane]
        : operand.Special switch
        {
            null => operand.Number,
            "%tid.x" => (ulong)(_first + lane),
            "%ctaid.x" => (ulong)_group.Place.X,
            "%ctaid.y" => (ulong)_group.Place.Y,
            _ => (ulong)_group.Place.Z,
        };

    private void Set(PtxOperand operand, int lane, ulong value) => _registers[(operand.Registers[0] * Lanes) + lane] = value;

    private static void ForEach(uint lanes, Action<int> act)
    {
        for (; lanes != 0; lanes &= lanes - 1)
            act(BitOperations.TrailingZeroCount(lanes));
    }
}
