-- Purpose: back to the warehouse. Grain and keys: none.
USE warehouse;
