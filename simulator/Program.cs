using System.Net.Http;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Datasets;

CommandEnvironment environment = CommandEnvironment.OfProcess();
using Interruption interruption = new(environment.Error);
using HttpClient client = new();
DatasetCatalog catalog = new(DatasetFiles.ForThisMachine(client));

return await SimulatorApplication.Create(environment, catalog).RunAsync(args, interruption.Token);
