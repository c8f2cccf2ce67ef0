import type { CityId } from '../shared/id.ts';

export interface CityNotFound {
  readonly type: 'CityNotFound';
  readonly id: CityId;
}

/** Another city has this name; case does not distinguish names. */
export interface CityExists {
  readonly type: 'CityExists';
  readonly name: string;
}

/** The city was archived. */
export interface CityInactive {
  readonly type: 'CityInactive';
  readonly id: CityId;
}
