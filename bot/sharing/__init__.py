"""What several workers share for a short while, in Redis: turns, rates and answers.

Nothing here is needed for an answer to be right: the database alone decides that. Imported only
where WAYMARK_REDIS_URL is set.
"""
