using System.Collections.Concurrent;
using FeatureAlignment.Device.Platform;
using Meadow.Devices;
using Meadow.Peripherals.Sensors.Buttons;

namespace FeatureAlignment.DeviceApp.Board;

/// <summary>Presses, from the interrupt's thread to the application's.</summary>
internal sealed class BoardButtons : IButtons
{
    // Nobody means more presses than this at once.
    private const int MostPresses = 16;

    private readonly ConcurrentQueue<DeviceButton> presses = new();

    /// <summary>Up: this is fine. Down: this is a fault. Left: pause or resume. Right: next page.</summary>
    public static BoardButtons Of(IProjectLabHardware hardware) => new BoardButtons()
        .Add(hardware.UpButton, DeviceButton.LabelNormal)
        .Add(hardware.DownButton, DeviceButton.LabelFault)
        .Add(hardware.LeftButton, DeviceButton.PauseOrResume)
        .Add(hardware.RightButton, DeviceButton.NextPage);

    /// <summary>Gives a button a meaning; nothing happens where it is missing.</summary>
    public BoardButtons Add(IButton? button, DeviceButton meaning)
    {
        if (button is not null)
        {
            button.Clicked += (_, _) =>
            {
                if (presses.Count < MostPresses)
                {
                    presses.Enqueue(meaning);
                }
            };
        }

        return this;
    }

    /// <inheritdoc/>
    public bool TryTakePress(out DeviceButton button) => presses.TryDequeue(out button);
}
