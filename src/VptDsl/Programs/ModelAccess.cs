namespace VptDsl.Programs;

/// <summary>
/// Who may use a model when: any number of threads read it at a time, one changes it, and nobody uses it once it is disposed of. What is
/// over in a moment is waited for; what may take hours (a fit, an evaluation) makes calls that it rules out fail, and say why.
/// </summary>
/// <param name="model">The model's name, for messages.</param>
/// <param name="free">Frees the model; called once, when it was disposed of and nobody changes it any more.</param>
/// <remarks>Calls in a reader that is short never wait for one another, so no order of calls can make all of them wait.</remarks>
internal sealed class ModelAccess(string model, Action free)
{
    private readonly object _lock = new();

    // Never disposed of: it has no timer and no wait handle, and Fit may ask for its token at any time.
    private readonly CancellationTokenSource _disposal = new();
    private readonly List<string> _evaluations = [];
    private int _readers;
    private Exclusive _exclusive;
    private int _callbackThread;
    private bool _isDisposed;

    private enum Exclusive
    {
        Nobody,
        Change,
        Fit,
    }

    /// <summary>Cancelled when the model is disposed of.</summary>
    public CancellationToken Disposal => _disposal.Token;

    /// <summary>For a call that reads the model, is over in a moment, and calls no code of the user's.</summary>
    /// <param name="method">The call's name.</param>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    /// <exception cref="InvalidOperationException">It is being fitted.</exception>
    public Use Read(string method)
    {
        lock (_lock)
        {
            WaitForChange(method);
            _readers++;
        }

        return new Use(this, static access => access._readers--);
    }

    /// <summary>For a call that reads the model again and again, for as long as it takes.</summary>
    /// <inheritdoc cref="Read"/>
    public Use Evaluate(string method)
    {
        lock (_lock)
        {
            WaitForChange(method);
            _evaluations.Add(method);
        }

        return new Use(this, access => access._evaluations.Remove(method));
    }

    /// <summary>For a call that changes the model and is over in a moment: it has the model to itself.</summary>
    /// <inheritdoc cref="Read"/>
    /// <exception cref="InvalidOperationException">The model is being fitted or evaluated.</exception>
    public Use Change(string method) => Take(Exclusive.Change, method);

    /// <summary>For a fit: it has the model to itself, and nobody waits for it.</summary>
    /// <inheritdoc cref="Change"/>
    public Use Fit(string method) => Take(Exclusive.Fit, method);

    /// <summary>Lets this thread read the model in the midst of a fit: for the user's code that the fit calls between two epochs.</summary>
    public Use LetThisThreadRead()
    {
        lock (_lock)
            _callbackThread = Environment.CurrentManagedThreadId;
        return new Use(this, static access => access._callbackThread = 0);
    }

    /// <summary>Rules out further calls. A fit ends at its next step; the model is freed then, or at once.</summary>
    public void Dispose()
    {
        bool isFree;
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            isFree = _exclusive == Exclusive.Nobody;
            Monitor.PulseAll(_lock);
        }

        _disposal.Cancel();
        if (isFree)
            free();
    }

    private Use Take(Exclusive exclusive, string method)
    {
        lock (_lock)
        {
            WaitForChange(method);
            if (_exclusive == Exclusive.Fit)
                throw new InvalidOperationException($"{method} would change {model} while Fit trains it: call it when Fit has ended.");
            if (_evaluations.Count > 0)
            {
                throw new InvalidOperationException(
                    $"{method} would change {model} while {_evaluations[0]} measures it on another thread: wait for that, "
                        + "or use another tuner.");
            }

            _exclusive = exclusive;
            while (_readers > 0)
                Monitor.Wait(_lock);
        }

        return new Use(this, static access => access._exclusive = Exclusive.Nobody);
    }

    /// <summary>Waits while another thread changes the model.</summary>
    private void WaitForChange(string method)
    {
        while (true)
        {
            if (_isDisposed)
                throw new ObjectDisposedException(model, $"{model} was disposed of, and {method} needs it.");
            if (_exclusive == Exclusive.Fit && _callbackThread != Environment.CurrentManagedThreadId)
            {
                throw new InvalidOperationException(
                    $"Fit trains {model} now, and {method} has to wait for its end: call it then, or use another tuner meanwhile.");
            }

            if (_exclusive != Exclusive.Change)
                return;
            Monitor.Wait(_lock);
        }
    }

    private void Leave(Action<ModelAccess> leave)
    {
        bool isFree;
        lock (_lock)
        {
            bool wasTaken = _exclusive != Exclusive.Nobody;
            leave(this);
            isFree = _isDisposed && wasTaken && _exclusive == Exclusive.Nobody;
            Monitor.PulseAll(_lock);
        }

        if (isFree)
            free();
    }

    /// <summary>A call's use of the model, until it is disposed of.</summary>
    public readonly struct Use(ModelAccess access, Action<ModelAccess> leave) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => access.Leave(leave);
    }
}
