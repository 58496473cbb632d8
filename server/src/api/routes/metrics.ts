import { type Metric, metricsText } from "../../metrics-text.ts";
import type { Access } from "../access.ts";
import type { Api, ApiPorts } from "../ports.ts";

/**
 * `/metrics`: what this process has done and has to do, for Prometheus. It counts all tenants together, so it
 * is for whoever runs the server; no label names an endpoint, of which there may be any number.
 */
export function addMetricsRoute(app: Api, ports: ApiPorts, access: Access): void {
  app.get("/metrics", { onRequest: access.metrics }, (_request, reply) =>
    reply.header("content-type", "text/plain; version=0.0.4; charset=utf-8").send(metricsText(all(ports))),
  );
}

function all({ engine, clock, version, disk }: ApiPorts): readonly Metric[] {
  const stats = engine.stats();
  const { user, system } = process.cpuUsage();
  const dueSeconds = stats.oldestDueAt === undefined ? 0 : (clock.now() - stats.oldestDueAt) / 1000;
  return [
    counter("posthorn_events_accepted_total", "Events that were stored.", stats.accepted),
    counter("posthorn_attempts_total", "Requests that were made.", stats.attempts),
    counter("posthorn_deliveries_delivered_total", "Deliveries that receivers took.", stats.delivered),
    gauge("posthorn_requests_in_flight", "Requests that are on their way.", stats.inFlight),
    gauge("posthorn_deliveries_waiting", "Deliveries known to wait, retries too.", stats.deliveriesWaiting),
    gauge("posthorn_endpoints_waiting", "Endpoints that something waits for.", stats.endpointsWaiting),
    gauge("posthorn_lanes_held", "Endpoints whose receivers are given time.", stats.lanesHeld),
    gauge("posthorn_lanes_stopped", "Endpoints that wait until a person does something.", stats.lanesStopped),
    gauge(
      "posthorn_oldest_due_seconds",
      "How long the oldest of what could be sent has waited: the one thing to be woken for.",
      Math.max(0, dueSeconds),
    ),
    ...(disk?.freeBytes === undefined
      ? []
      : [gauge("posthorn_disk_free_bytes", "Space that is free for the database's file.", disk.freeBytes)]),
    gauge(
      "posthorn_accepting",
      "1 while events are accepted; 0 while the disk is nearly full.",
      disk?.isNearlyFull === true ? 0 : 1,
    ),
    counter("process_cpu_seconds_total", "CPU that the process has used.", (user + system) / 1e6),
    gauge("process_resident_memory_bytes", "Memory that the process has.", process.memoryUsage.rss()),
    { ...gauge("posthorn_build_info", "Which version serves.", 1), labels: { version } },
  ];
}

function counter(name: string, help: string, value: number): Metric {
  return { name, help, type: "counter", value };
}

function gauge(name: string, help: string, value: number): Metric {
  return { name, help, type: "gauge", value };
}
