using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading.Tasks;
using Meadow;
using Meadow.Cloud;

namespace FeatureAlignment.DeviceApp.Tests.Support;

/// <summary>Meadow's cloud service as CloudDataQueue.cs has it: a queue of 30 that drops its oldest; a test takes items out.</summary>
internal sealed class FakeCloud : IMeadowCloudService, ICommandService
{
    private const int Capacity = 30;

    private Action<MeadowCommand>? subscriber;

    public bool IsEnabled { get; set; } = true;

    public CloudConnectionState ConnectionState { get; set; } = CloudConnectionState.Connected;

    /// <summary>What waits; null stands for somebody else's item.</summary>
    public List<CloudEvent?> Queue { get; } = [];

    /// <summary>All events that the application handed over.</summary>
    public ConcurrentQueue<CloudEvent> Sent { get; } = new();

    public int QueueCount => Queue.Count;

    public Task SendEvent(CloudEvent cloudEvent)
    {
        Sent.Enqueue(cloudEvent);
        Enqueue(cloudEvent);
        return Task.CompletedTask;
    }

    /// <summary>Somebody else's records: logs, health.</summary>
    public void EnqueueOthers(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Enqueue(null);
        }
    }

    public void PostOne() => Queue.RemoveAt(0);

    public void Subscribe(Action<MeadowCommand> action) => subscriber = action;

    public void Publish(string name, params (string Key, object Value)[] arguments)
    {
        var dictionary = new Dictionary<string, object>();
        foreach ((string key, object value) in arguments)
        {
            dictionary.Add(key, value);
        }

        subscriber!(new MeadowCommand(name, dictionary));
    }

    private void Enqueue(CloudEvent? item)
    {
        Queue.Add(item);
        if (Queue.Count > Capacity)
        {
            Queue.RemoveAt(0);
        }
    }
}
