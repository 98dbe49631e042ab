namespace MultiArch.Registry.Tests.Races;

/// <summary>Which of several waiting requests comes next, each time that there is more than one.</summary>
internal interface ISchedule
{
    int Choose(int count);
}

/// <summary>Every order there is, one run after the other: the last choice that can be made otherwise is made otherwise.</summary>
internal sealed class EverySchedule : ISchedule
{
    private readonly List<(int Choice, int Count)> _choices = [];
    private int _made;

    /// <summary>Begins the next run; false when all were run.</summary>
    public bool Next()
    {
        _choices.RemoveRange(_made, _choices.Count - _made);
        _made = 0;
        if (IsFirst)
        {
            IsFirst = false;
            return true;
        }

        while (_choices.Count > 0)
        {
            var (choice, count) = _choices[^1];
            _choices.RemoveAt(_choices.Count - 1);
            if (choice + 1 < count)
            {
                _choices.Add((choice + 1, count));
                return true;
            }
        }

        return false;
    }

    private bool IsFirst { get; set; } = true;

    public int Choose(int count)
    {
        if (_made == _choices.Count)
        {
            _choices.Add((0, count));
        }

        Assert.AreEqual(_choices[_made].Count, count, "The same choices have led to another place.");
        return _choices[_made++].Choice;
    }
}

/// <summary>An order by chance, the same for the same seed.</summary>
internal sealed class SeededSchedule(int seed) : ISchedule
{
    private readonly Random _random = new(seed);

    public int Choose(int count) => _random.Next(count);
}
