import type { UpdatedEndpoint } from "@posthorn/client/operations";

/** What of an endpoint was taken, and may not be meant. */
export function Warnings({ warnings = [] }: Pick<UpdatedEndpoint, "warnings">) {
  return warnings.length === 0 ? null : (
    <div role="status" className="my-3 rounded-md bg-warn-soft p-3 text-warn">
      <p className="font-medium">It was saved. Is this meant?</p>
      <ul className="mt-1 list-disc pl-5">
        {warnings.map(({ pointer, detail }) => (
          <li key={pointer + detail}>{detail}</li>
        ))}
      </ul>
    </div>
  );
}
