using System.Net.Http;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Simulator.Runs;
using FeatureAlignment.Simulator.Training;

CommandEnvironment environment = CommandEnvironment.OfProcess();
using Interruption interruption = new(environment.Error);
using HttpClient client = new();
DatasetCatalog catalog = new(DatasetFiles.ForThisMachine(client));

SimulatorApplication application = new(
    environment,
    new TrainCommand(environment, (request, cancellation) => TrainRun.RunAsync(environment, catalog, request, cancellation)),
    new EvaluateCommand((request, cancellation) => RunEvaluation.RunAsync(environment, catalog, request, cancellation)),
    new PredictCommand((request, _) => Task.FromResult(RunPrediction.Run(environment, request))),
    new ReconstructCommand((request, cancellation) => RunReconstruction.RunAsync(environment, catalog, request, cancellation)),
    new InfoCommand((request, _) => Task.FromResult(RunDescription.Run(environment, request))));

return await application.RunAsync(args, interruption.Token);
