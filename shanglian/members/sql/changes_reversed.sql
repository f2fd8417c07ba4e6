-- The legs that stand, with their entity, and now with the movement that a reversal took back: asked whether it is NULL, the
-- planner sees that only what was not reversed is wanted, and how much that is.
-- As before: every cell of the movement table counts rows of this view. A reversal and what it
-- reverses cancel out; `reversed_at` says when, for what was believed before. The two legs of a movement differ in line.
CREATE OR REPLACE VIEW members_change AS
SELECT l.movement_id * 2 + (right(l.line, 3) = '_in')::int AS id, l.movement_id, l.membership_id, s.entity_id, l.org_id, l.county,
       l.category, l.profile_id, l.line, l.effective_on, l.recorded_at, r.recorded_at AS reversed_at,
       l.memberships, l.heads, l.heads <> 0 AS home, r.reverses_id AS reversed_id
  FROM members_leg l
  JOIN members_membership s ON s.id = l.membership_id
  JOIN members_movement m ON m.id = l.movement_id
  LEFT JOIN members_movement r ON r.reverses_id = l.movement_id
 WHERE m.reverses_id IS NULL;
