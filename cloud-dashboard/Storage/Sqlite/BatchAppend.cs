using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Dashboard.Storage.Series;
using FeatureAlignment.Telemetry;
using Microsoft.Data.Sqlite;

namespace FeatureAlignment.Dashboard.Storage.Sqlite;

/// <summary>Stores one batch in the writer's transaction, all but the points: those follow after the commit.</summary>
internal sealed class BatchAppend(ReceivedBatch batch, byte[] storedBody)
{
    // In the column part: a batch that came whole.
    private const int Whole = -1;

    private readonly BatchHeader header = batch.Header;
    private readonly TelemetryBatch content = batch.Content;
    private readonly int records =
        batch.Content.Points.Count + batch.Content.Images.Count + batch.Content.Events.Count + batch.Content.Logs.Count;
    private RunTail? run;
    private long row;

    public AppendResult Do(WriteSession session)
    {
        run = null;
        KnownDevice device = session.Register(header.DeviceId, batch.ReceivedMilliseconds);
        if (FirstAnswer(session, device) is BatchAnswer first)
        {
            return new AppendResult(first, IsRepeated: true);
        }

        RunTail found = FindRun(session, device);
        IReadOnlyList<(int? Layer, string Name)> news = found.FindNew(content);
        int series = found.Series.Count + news.Count;
        if (series > TelemetryLimits.Series)
        {
            string refusal = $"series of run {content.Run} must be at most {TelemetryLimits.Series}; with this batch there are {series}.";
            return new AppendResult(null, Refusal: refusal);
        }

        if (found.IsDeleted)
        {
            return Quarantine(session, device, found);
        }

        AddSeries(session, found, news);
        AddRecords(session, device.Row, found.RunId);
        CloseCommands(session, device.Row);
        var answer = new BatchAnswer(records, 0, TakeCommands(session, device));
        Insert(session, device, found.RunId, answer, storedBody);
        UpdateDevice(session, device, found.RunId);
        run = found;
        return new AppendResult(answer);
    }

    /// <summary>After the commit: hands the points over.</summary>
    /// <returns>Whether the batch was new.</returns>
    public bool Committed(WriteSession session)
    {
        if (run is null)
        {
            return false;
        }

        session.Committed(run, content, batch.ReceivedMilliseconds, row);
        return true;
    }

    private IReadOnlyList<TelemetryCommand> TakeCommands(WriteSession session, KnownDevice device) =>
        batch.Part is null ? OpenCommands.Take(session, device, batch.ReceivedMilliseconds) : [];

    private BatchAnswer? FirstAnswer(WriteSession session, KnownDevice device)
    {
        if (device.IsAhead(header.Boot, header.Sequence))
        {
            return null;
        }

        using SqliteDataReader found = session.Prepared(
            "SELECT accepted, quarantined, answer FROM batches WHERE device = $1 AND boot = $2 AND seq = $3 AND part IN (-1, $4)",
            device.Row, header.Boot, header.Sequence, batch.Part ?? Whole).ExecuteReader();
        return !found.Read() ? null
            : found.IsDBNull(2) ? new BatchAnswer(found.GetInt32(0), found.GetInt32(1))
            : BatchReader.ReadAnswer(found.GetBytes(2));
    }

    private RunTail FindRun(WriteSession session, KnownDevice device)
    {
        if (device.FindRun(content.Run) is not long row)
        {
            object? found = session.Prepared("SELECT id FROM runs WHERE device = $1 AND name = $2", device.Row, content.Run)
                .ExecuteScalar();
            found ??= session.Prepared(
                "INSERT INTO runs (device, name, app, first, last) VALUES ($1, $2, $3, $4, $4) RETURNING id",
                device.Row, content.Run, content.App, batch.ReceivedMilliseconds).ExecuteScalar();
            row = (long)found!;
            device.SetRun(content.Run, row);
        }

        return session.Tails.Load(session.Connection, row);
    }

    private static void AddSeries(WriteSession session, RunTail run, IReadOnlyList<(int? Layer, string Name)> news)
    {
        foreach ((int? layer, string name) in news)
        {
            var tail = new SeriesTail(layer, name);
            tail.Id = (long)session.Prepared(
                "INSERT INTO series (run, layer, name, state) VALUES ($1, $2, $3, $4) RETURNING id",
                run.RunId, layer ?? -1, name, tail.State()).ExecuteScalar()!;
            lock (run.Lock)
            {
                run.Add(tail);
            }
        }
    }

    private void AddRecords(WriteSession session, long device, long runId)
    {
        long received = batch.ReceivedMilliseconds;
        foreach (TelemetryEvent one in content.Events)
        {
            session.Prepared(
                """
                INSERT INTO events (device, run, received, time, step, kind, level, text, data)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                """,
                device, runId, received, one.TimeMilliseconds, one.Step, one.Kind, (int)one.Level, one.Text, FieldsJson.Write(one.Data))
                .ExecuteNonQuery();
        }

        foreach (TelemetryLog log in content.Logs)
        {
            session.Prepared(
                "INSERT INTO logs (device, run, received, time, level, text) VALUES ($1, $2, $3, $4, $5, $6)",
                device, runId, received, log.TimeMilliseconds, (int)log.Level, log.Text).ExecuteNonQuery();
        }

        foreach (TelemetryImage image in content.Images)
        {
            session.Prepared(
                """
                INSERT INTO images (run, received, time, step, layer, kind, width, height, input, output, label, predicted)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                """,
                runId, received, image.TimeMilliseconds, image.Step, image.Layer, image.Kind, image.Width, image.Height,
                image.Input.ToArray(), image.Output.ToArray(), image.Label, image.Predicted).ExecuteNonQuery();
        }

        if (content.RunSettings is TelemetryFields settings)
        {
            session.Prepared("UPDATE runs SET settings = $2 WHERE id = $1", runId, FieldsJson.Write(settings)).ExecuteNonQuery();
        }
    }

    private void CloseCommands(WriteSession session, long device)
    {
        foreach (TelemetryEvent one in content.Events)
        {
            if (one.Kind is EventKinds.CommandDone or EventKinds.CommandRefused && one.Data.TryGet("id", out TelemetryValue? id)
                && id.Kind == TelemetryValueKind.Text)
            {
                CommandState state = one.Kind == EventKinds.CommandDone ? CommandState.Done : CommandState.Refused;
                session.Prepared(
                    "UPDATE commands SET state = $3, closed = $4, answer = $5 WHERE device = $1 AND id = $2 AND state < 2",
                    device, id.Text, (int)state, batch.ReceivedMilliseconds, one.Text).ExecuteNonQuery();
            }
        }
    }

    private AppendResult Quarantine(WriteSession session, KnownDevice device, RunTail deleted)
    {
        var answer = new BatchAnswer(0, records, TakeCommands(session, device));
        CloseCommands(session, device.Row);
        Insert(session, device, deleted.RunId, answer, body: null);
        UpdateDevice(session, device, runId: null);
        return new AppendResult(answer);
    }

    private void Insert(WriteSession session, KnownDevice device, long runId, BatchAnswer answer, byte[]? body) =>
        row = (long)session.Prepared(
        """
        INSERT INTO batches (device, boot, seq, run, time, received, accepted, quarantined, answer, body, part)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id
        """,
        device.Row, header.Boot, header.Sequence, runId, header.TimeMilliseconds, batch.ReceivedMilliseconds,
        answer.Accepted, answer.Quarantined, Stored(answer), body, batch.Part ?? Whole)
        .ExecuteScalar()!;

    private void UpdateDevice(WriteSession session, KnownDevice device, long? runId)
    {
        long received = batch.ReceivedMilliseconds;
        if (device.Boot > 0 && header.Boot > device.Boot)
        {
            session.Prepared(
                "INSERT INTO connections (device, time, kind, reason) VALUES ($1, $2, 'restarted', $3)",
                device.Row, received, $"Start {header.Boot} after {device.Boot}.").ExecuteNonQuery();
        }

        device.Advance(header.Boot, header.Sequence);
        device.Interval.Take(received);
        session.Prepared(
            """
            UPDATE devices SET seen = max(seen, $2), app = $3, boot = max(boot, $4), run = coalesce($5, run), interval = $6 WHERE id = $1
            """,
            device.Row, received, content.App, header.Boot, runId, device.Interval.Milliseconds).ExecuteNonQuery();
        if (runId is not null)
        {
            long step = content.Points.Select(point => point.Step).Concat(content.Events.Select(one => one.Step)).DefaultIfEmpty().Max();
            session.Prepared(
                "UPDATE runs SET last = max(last, $2), step = max(step, $3), app = $4 WHERE id = $1",
                runId, received, step, content.App).ExecuteNonQuery();
        }
    }

    private static byte[]? Stored(BatchAnswer answer)
    {
        if (answer.Commands.Count == 0)
        {
            return null;
        }

        var output = new ArrayBufferWriter<byte>();
        BatchWriter.Write(output, answer);
        return output.WrittenSpan.ToArray();
    }
}
