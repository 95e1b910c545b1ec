using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.IO;

namespace FeatureAlignment.Simulator.Commands;

/// <summary>The parser's own help, followed by the command's notes and examples.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is SimulatorCommand command)
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            foreach (string note in command.Notes)
            {
                output.WriteLine(note);
            }

            output.WriteLine(command.Notes.Count > 0 ? "\nExamples:" : "Examples:");
            foreach (string example in command.Examples)
            {
                output.WriteLine($"  simulator {example}");
            }
        }

        return ExitCode.Success;
    }
}
