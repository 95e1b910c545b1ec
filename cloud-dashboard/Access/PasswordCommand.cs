using System;
using System.CommandLine;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace FeatureAlignment.Dashboard.Access;

/// <summary>The command <c>password</c>: sets the administrator password where there is no browser.</summary>
internal static class PasswordCommand
{
    /// <summary>Does something with the dashboard's services.</summary>
    public delegate Task<int> WithServices(ParseResult parsed, Func<IServiceProvider, Task> action);

    public static Command Create(WithServices run)
    {
        var command = new Command(
            "password", "Sets the administrator password, asked for or from the input; while the dashboard runs, its settings page does.");
        command.SetAction((parsed, _) => run(parsed, async services =>
        {
            string? password = Console.IsInputRedirected ? await Console.In.ReadLineAsync() : Ask();
            if (await services.GetRequiredService<AdministratorPassword>().SetAsync(password) is string problem)
            {
                throw new ArgumentException(problem);
            }

            Console.WriteLine("The administrator password is set.");
        }));
        return command;
    }

    // Shown nowhere while it is typed.
    private static string Ask()
    {
        Console.Write("New administrator password: ");
        string typed = "";
        for (ConsoleKeyInfo key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            typed = key.Key == ConsoleKey.Backspace ? typed[..Math.Max(0, typed.Length - 1)]
                : char.IsControl(key.KeyChar) ? typed
                : typed + key.KeyChar;
        }

        Console.WriteLine();
        return typed;
    }
}
