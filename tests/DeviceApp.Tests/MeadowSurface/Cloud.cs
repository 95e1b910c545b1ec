// Read from WildernessLabs/Meadow.Contracts, 2.1.0.1 (d83b7ec): Source/Meadow.Contracts/Cloud/{IMeadowCloudService,ICommandService,
// CloudEvent,MeadowCommand}.cs, Update/IUpdateService.cs.
using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace Meadow.Cloud
{
    public interface IMeadowCloudService
    {
        bool IsEnabled { get; }

        CloudConnectionState ConnectionState { get; }

        int QueueCount { get; }

        Task SendEvent(CloudEvent cloudEvent);
    }

    public interface ICommandService
    {
        void Subscribe(Action<MeadowCommand> action);
    }

    public class CloudEvent
    {
        public int EventId { get; set; }

        public string Description { get; set; } = default!;

        public Dictionary<string, object> Measurements { get; set; } = default!;

        public DateTimeOffset Timestamp { get; set; } = DateTimeOffset.UtcNow;
    }

    public class MeadowCommand
    {
        public MeadowCommand(string commandName, IReadOnlyDictionary<string, object>? arguments = null)
        {
            CommandName = commandName;
            Arguments = arguments ?? new Dictionary<string, object>();
        }

        public string CommandName { get; }

        public IReadOnlyDictionary<string, object> Arguments { get; }
    }
}

namespace Meadow.Update
{
    public interface IUpdateService
    {
        UpdateState State { get; }
    }
}
