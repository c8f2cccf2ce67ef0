import type { CityId, RecruiterId } from '../shared/id.ts';

export interface RecruiterNotFound {
  readonly type: 'RecruiterNotFound';
  readonly id: RecruiterId;
}

/** The recruiter was archived. */
export interface RecruiterInactive {
  readonly type: 'RecruiterInactive';
  readonly id: RecruiterId;
}

/** The recruiter does not work in this city. */
export interface CityNotLinked {
  readonly type: 'CityNotLinked';
  readonly recruiterId: RecruiterId;
  readonly cityId: CityId;
}
