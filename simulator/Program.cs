using System.Net.Http;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Simulator.Training;

CommandEnvironment environment = CommandEnvironment.OfProcess();
using Interruption interruption = new(environment.Error);
using HttpClient client = new();
DatasetCatalog catalog = new(DatasetFiles.ForThisMachine(client));

SimulatorApplication application = new(
    environment,
    new TrainCommand(environment, (request, cancellation) => TrainRun.RunAsync(environment, catalog, request, cancellation)));

return await application.RunAsync(args, interruption.Token);
