/** The attributes of a CloudEvent, however the request says them. */
export interface Attributes {
  /** By name; undefined for one that is there and is of no type that attributes have. */
  readonly values: ReadonlyMap<string, string | number | boolean | undefined>;
  /** Notes what is wrong with an attribute. */
  readonly refuse: (name: string, detail: string) => void;
}
