/** Reads the token of an Authorization header of the scheme Bearer; undefined where it is no such. */
export function bearerTokenOf(authorization: string | undefined): string | undefined {
  return /^Bearer +([^ ]+)$/i.exec(authorization ?? "")?.[1];
}
