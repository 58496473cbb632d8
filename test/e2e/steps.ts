import assert from "node:assert/strict";
import type { DeliveryShape, EndpointShape, EventShape, Installation, PageShape } from "./installation.ts";

/** What many walks through the API begin with: where, in an installation and a tenant's path. */
export interface Place {
  readonly posthorn: Installation;
  readonly tenant: string;
}

export async function makeEndpoint({ posthorn, tenant }: Place, body: object): Promise<EndpointShape> {
  const made = await posthorn.call<EndpointShape>("POST", `${tenant}/endpoints`, body);
  assert.equal(made.status, 201, JSON.stringify(made.json));
  return made.json;
}

/** Posts one event, or an array of them, whose answer is a page. */
export async function postEvents<Shape = EventShape>(
  { posthorn, tenant }: Place,
  body: unknown,
): Promise<Shape> {
  const posted = await posthorn.call<Shape>("POST", `${tenant}/events`, body);
  assert.equal(posted.status, 202, JSON.stringify(posted.json));
  return posted.json;
}

/** Reads the delivery of an event that is owed to one endpoint. */
export async function deliveryOf({ posthorn, tenant }: Place, { id }: EventShape): Promise<DeliveryShape> {
  const path = `${tenant}/events/${id}/deliveries`;
  const { json } = await posthorn.call<PageShape<DeliveryShape>>("GET", path);
  const [delivery] = json.data;
  assert.ok(delivery, "the event is owed to an endpoint");
  return delivery;
}
