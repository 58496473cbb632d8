import type { FastifyError, FastifyRequest } from "fastify";
import { ContractFault } from "../checked-contract.ts";
import { Problem } from "../problem.ts";
import { StoreUnavailable } from "../store-unavailable.ts";
import { type SchemaError, schemaProblem } from "./schema-problem.ts";

/**
 * Turns whatever a request failed with into the Problem its caller sees. What is not known is a fault of
 * ours.
 */
export function problemOf(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) {
    return error;
  }
  if (error instanceof ContractFault) {
    return new Problem("contract_failed", `${error.message}. It is logged under this request's id.`);
  }
  if (error instanceof StoreUnavailable) {
    return new Problem("store_unavailable", "Try again in a moment.");
  }
  if (!isFastifyError(error)) {
    return internal();
  }
  if (error.validation !== undefined) {
    const part = error.validationContext === "querystring" ? "query" : "body";
    const errors: readonly SchemaError[] = error.validation;
    return schemaProblem(errors, part, part === "query" ? request.query : request.body);
  }
  switch (error.code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new Problem("payload_too_large", "The body has more bytes than this route takes.");
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new Problem(
        "unsupported_media_type",
        "Send application/json, or what this route names beside it.",
      );
    case "FST_ERR_BAD_URL":
    case "FST_ERR_MAX_PARAM_LENGTH":
      return new Problem("not_found", "No route has this path.");
    default:
      return isCallersFault(error)
        ? new Problem("bad_request", "The request broke off, or is not as long as it says.")
        : internal();
  }
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && "statusCode" in error;
}

function isCallersFault({ statusCode }: FastifyError): boolean {
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500;
}

function internal(): Problem {
  return new Problem("internal", "It is logged under this request's id.");
}
